"""The way into the wizard: what is read first, and whether to go on where somebody left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wgtui.domain.errors import WgtuiError
from wgtui.domain.setup import Draft
from wgtui.services.changes import Changes
from wgtui.ui.dialogs.question import Question
from wgtui.ui.presentation.setup.words import TITLES
from wgtui.ui.setup.draft_keeper import DraftKeeper
from wgtui.ui.setup.screen import SetupScreen
from wgtui.ui.setup.session import SetupScene, SetupSession
from wgtui.ui.widgets.button_row import Choice

if TYPE_CHECKING:
    from wgtui.ui.changing_app import ChangingApp


@dataclass(frozen=True, slots=True)
class Opening:
    """What the wizard starts with.

    Attributes:
        scene: The host.
        draft: Answers of before; None for none.
        is_bare: Whether the host has no configuration at all.
        remark: What was amiss with the answers of before; empty for nothing.
    """

    scene: SetupScene
    draft: Draft | None
    is_bare: bool
    remark: str = ""


def look(changes: Changes) -> SetupScene:
    """Look at the host; called in the thread of changes."""
    facts = changes.preflight.facts()
    context = changes.scenes.of_new_interface().context
    return SetupScene(facts, changes.preflight.findings(facts), changes.proposer.propose(facts), context)


def read(changes: Changes) -> Opening:
    """Read everything; called in the thread of changes."""
    remark = ""
    try:
        draft = changes.drafts.load()
    except WgtuiError as error:
        draft, remark = None, f"The answers of before cannot be read, and are left out: {error}"
    is_bare = not changes.configs.names() and not changes.host.wireguard.names()
    return Opening(look(changes), draft, is_bare, remark)


def open_wizard(app: ChangingApp, *, only_bare: bool = False) -> None:
    """Open the wizard over the screen that asks for it.

    Args:
        app: Shows it.
        only_bare: Leave it where the host has any configuration.
    """
    asking = app.screen

    def opened(result: Opening | WgtuiError) -> None:
        if app.screen is not asking:
            return
        if isinstance(result, WgtuiError):
            if not only_bare:
                app.changes.show_error(result)
        elif result.is_bare or not only_bare:
            _enter(app, result)

    app.changes.run(read, opened)


def _enter(app: ChangingApp, opening: Opening) -> None:
    if opening.remark:
        app.notify(opening.remark, severity="warning", markup=False)
    draft = opening.draft
    keeper = DraftKeeper(app)
    session = SetupSession(opening.scene, draft or Draft(), lambda _draft: None)
    if draft is None or not session.is_answered:
        _push(app, opening, Draft(), keeper)
        return
    steps, step = session.steps, session.step
    question = Question(
        app.painter,
        "Go on where you left the setup?",
        [
            f"You had come to page {steps.index(step) + 1} of {len(steps)}: {TITLES[step]}",
            "Nothing was written to this host so far.",
        ],
        [Choice("on", "Go on"), Choice("anew", "Start anew"), Choice("later", "Not now")],
        safe="on",
    )

    def answered(answer: str | None) -> None:
        if answer == "on":
            _push(app, opening, draft, keeper)
        elif answer == "anew":
            keeper.forget()
            _push(app, opening, Draft(), keeper)

    app.push_screen(question, answered)


def _push(app: ChangingApp, opening: Opening, draft: Draft, keeper: DraftKeeper) -> None:
    app.push_screen(SetupScreen(app.painter, opening.scene, draft, keeper), app.setup_ended)
