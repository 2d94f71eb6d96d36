"""The wizard's screen: a title, a drawing, one page after the other, keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final, cast

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.getters import query_one
from textual.screen import Screen

from wgtui.domain.errors import WgtuiError
from wgtui.domain.setup import Draft, Scenario, complete
from wgtui.ui.bindings import bindings_of
from wgtui.ui.commands import SETUP_COMMANDS, footer_commands
from wgtui.ui.dialogs.question import Question
from wgtui.ui.messages import RunCommand
from wgtui.ui.painter import Painter
from wgtui.ui.presentation.cells import Line, Tone
from wgtui.ui.presentation.help import setup_help
from wgtui.ui.presentation.setup.drawing import drawing
from wgtui.ui.presentation.setup.words import TITLES, Step
from wgtui.ui.presentation.wrapping import paragraph
from wgtui.ui.setup.draft_keeper import DraftKeeper
from wgtui.ui.setup.ending import SetupDone
from wgtui.ui.setup.messages import (
    Advance,
    Answered,
    Apply,
    EditPeer,
    Finish,
    LookAgain,
    Retreat,
    ShowAnswers,
    TakeFile,
)
from wgtui.ui.setup.pages.adopt import AdoptPage
from wgtui.ui.setup.pages.base import SetupForm
from wgtui.ui.setup.pages.forwarding import ForwardingPage
from wgtui.ui.setup.pages.network import NetworkPage
from wgtui.ui.setup.pages.peers import PeersPage
from wgtui.ui.setup.pages.reading import PreflightPage, ReviewPage
from wgtui.ui.setup.pages.scenario import ScenarioPage
from wgtui.ui.setup.session import SetupScene, SetupSession
from wgtui.ui.widgets.button_row import Choice
from wgtui.ui.widgets.forms import Form
from wgtui.ui.widgets.key_bar import KeyBar
from wgtui.ui.widgets.paragraphs import Paragraphs

if TYPE_CHECKING:
    from wgtui.domain.plan import Plan
    from wgtui.services.changes import Changes
    from wgtui.services.setup import PreparedSetup
    from wgtui.services.transaction import Applied
    from wgtui.ui.changing_app import ChangingApp

_PAGES: Final[Mapping[Step, Callable[[Painter, SetupSession], SetupForm]]] = {
    Step.PREFLIGHT: PreflightPage,
    Step.SCENARIO: ScenarioPage,
    Step.NETWORK: NetworkPage,
    Step.FORWARDING: ForwardingPage,
    Step.PEERS: PeersPage,
    Step.REVIEW: ReviewPage,
    Step.ADOPT: AdoptPage,
}


class SetupScreen(Screen[SetupDone]):
    """Asks, page by page. Nothing is written to the host before the plan was reviewed and agreed to.

    Dismissed with what was made, or with None.
    """

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(SETUP_COMMANDS)]

    commands = SETUP_COMMANDS
    help_topic = staticmethod(setup_help)
    heading = query_one("#title", Paragraphs)
    picture = query_one("#drawing", Paragraphs)
    place = query_one("#place", Container)

    def __init__(self, painter: Painter, scene: SetupScene, draft: Draft, keeper: DraftKeeper) -> None:
        """Begin at the page of a draft."""
        super().__init__(classes="form-screen setup")
        self.painter = painter
        self.session = SetupSession(scene, draft, keeper.take)
        self._keeper = keeper
        self._is_turning = True

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield Paragraphs(self.painter, self._title_lines, id="title")
        yield Paragraphs(self.painter, self._drawing_lines, id="drawing")
        yield Container(id="place")
        yield KeyBar(self.painter, footer_commands(SETUP_COMMANDS), id="keys")

    async def on_mount(self) -> None:
        """Show the page, and the form of the peer that was open."""
        number = self.session.open_peer
        await self._show(self.session.step)
        if number is not None:
            self._edit_peer(EditPeer(number))

    def on_unmount(self) -> None:
        """Whatever ends the program, or the wizard: what was typed last is kept."""
        self._keeper.flush()

    @property
    def page(self) -> SetupForm:
        """The page that is open."""
        return self.place.query_one("#form", SetupForm)  # type: ignore[type-abstract]

    # From page to page

    async def _show(self, step: Step) -> None:
        self._is_turning = True
        self.session.go_to(step)
        self._keeper.flush()
        page = _PAGES[step](self.painter, self.session)
        await self.place.remove_children()
        await self.place.mount(page)
        for name in Step:
            self.set_class(name is step, f"-{name.value}")
        self.heading.say(self._title_lines)
        self.picture.say(self._drawing_lines)
        self._is_turning = False
        if isinstance(page, AdoptPage):
            shown = partial(page.call_later, page.show_report)
            self._app.changes.look(lambda changes: changes.adoption.look(), shown)

    @on(Advance)
    async def _advance(self) -> None:
        steps = self.session.steps
        at = steps.index(self.session.step)
        if at + 1 < len(steps):
            await self._show(steps[at + 1])

    @on(Retreat)
    async def _retreat(self) -> None:
        steps = self.session.steps
        at = steps.index(self.session.step)
        if at:
            await self._show(steps[at - 1])
        else:
            self.action_leave()

    def on_key(self, event: events.Key) -> None:
        """While a page is being turned, nobody sees what a key would do."""
        if self._is_turning:
            event.stop()
            event.prevent_default()

    def action_next(self) -> None:
        """Go on."""
        if not self._is_turning:
            self.page.action_next()

    def action_back(self) -> None:
        """Go back."""
        if not self._is_turning:
            self.page.action_back()

    @on(Answered)
    def _answered(self) -> None:
        self.picture.say(self._drawing_lines)

    @on(events.DescendantBlur)
    def _settled(self) -> None:
        self._keeper.flush()

    # Peers

    @on(EditPeer)
    def _edit_peer(self, message: EditPeer) -> None:
        from wgtui.ui.setup.peer_form import SetupPeerScreen

        screen = SetupPeerScreen(self.painter, self.session, message.number)
        self.app.push_screen(screen, self._peer_edited)

    def _peer_edited(self, _taken: bool | None) -> None:
        self._keeper.flush()
        self.picture.say(self._drawing_lines)
        if isinstance(self.page, PeersPage):
            self.page.look()

    # The host

    @on(LookAgain)
    def _look_again(self) -> None:
        from wgtui.ui.setup.opening import look

        self._app.changes.look(look, partial(self.call_later, self._looked))

    def _looked(self, scene: SetupScene) -> None:
        self.session.look_again(scene)
        if isinstance(self.page, PreflightPage):
            self.page.look()
            self.notify("Looked again.", timeout=1.5)

    @on(Apply)
    def _apply(self) -> None:
        try:
            answers = complete(self.session.filled)
        except WgtuiError as error:
            self.notify(f"{error} {error.hint}".rstrip(), severity="error", markup=False)
            return
        prepared: list[PreparedSetup] = []

        def plan(changes: Changes) -> Plan:
            # Every look at the host makes new keys: what is told in the end is of the plan that was applied.
            prepared[:] = [changes.setup.prepare(answers)]
            return prepared[0].plan

        def applied(_applied: Applied) -> None:
            self._keeper.forget()
            (made,) = prepared
            has_files = any(peer.path for peer in made.peers)
            self.dismiss(SetupDone(made.interface, made.next_steps, answers.start, has_files))

        self._app.changes.propose(plan, then=applied)

    @on(TakeFile)
    def _take_file(self) -> None:
        from wgtui.ui.setup.file_form import TakeFileScreen

        screen = TakeFileScreen(self.painter, self.session)
        self.app.push_screen(screen, self._file_taken)

    def _file_taken(self, done: SetupDone | None) -> None:
        if done is not None:
            self._keeper.forget()
            self.dismiss(done)

    @on(ShowAnswers)
    def _show_answers(self) -> None:
        from wgtui.ui.setup.answers_dialog import AnswersDialog

        draft = self.session.filled
        self.app.push_screen(AnswersDialog(self.painter, draft), self._write_answers)

    def _write_answers(self, path: str | None) -> None:
        if path is None:
            return
        draft = self.session.filled
        self._keeper.write(draft, path)

    # Leaving

    @on(Finish)
    def _finish(self) -> None:
        self._keeper.forget()
        self.dismiss(None)

    @on(Form.Cancelled)
    def action_leave(self) -> None:
        """Go to the Overview; where something was answered, ask before. The answers are kept."""
        if not self.session.is_answered:
            self._keeper.forget()
            self.dismiss(None)
            return
        question = Question(
            self.painter,
            "Leave the setup?",
            [
                "Your answers are kept: press I to go on where you left. Nothing was written to this host.",
            ],
            [Choice("stay", "Stay"), Choice("leave", "Leave")],
            safe="stay",
        )
        self.app.push_screen(question, self._leave)

    def _leave(self, answer: str | None) -> None:
        if answer == "leave":
            self._keeper.flush()
            self.dismiss(None)

    @on(RunCommand)
    async def _run_command(self, message: RunCommand) -> None:
        await self.run_action(message.action)

    @property
    def _app(self) -> ChangingApp:
        return cast("ChangingApp", self.app)

    def _title_lines(self, width: int) -> list[Line]:
        steps, step = self.session.steps, self.session.step
        text = f"Setup, {steps.index(step) + 1} of {len(steps)}: {TITLES[step]}"
        return paragraph(text, width, Tone.STRONG)

    def _drawing_lines(self, width: int) -> list[Line]:
        draft = self.session.filled
        if self.session.step is Step.PREFLIGHT or (
            draft.scenario is None and self.session.step is not Step.SCENARIO
        ):
            return []
        if draft.scenario is None:
            draft = self.session.scene.proposals.draft(Scenario.RELAY)
        return drawing(draft, width, self.painter.glyphs)
