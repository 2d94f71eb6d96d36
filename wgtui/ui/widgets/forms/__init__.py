"""Forms: fields that explain themselves, and the container that holds them together.

A form is made of fields, each of which turns what is typed into a value by a reader of `domain/forms`:

    Form(
        painter,
        TextField(Field.NAME, "Name", enter_name, text="alice", hint="Shown in lists."),
        TextField(Field.ALLOWED_IPS, "Allowed IPs", enter_allowed_ips, text="10.0.0.2/32"),
        ChoiceField("role", "Role", [Option("roaming", "roaming device"), Option("plain", "plain")]),
        SecretField(Field.PRESHARED_KEY, "Preshared key", enter_preshared_key, generate=new_key, is_set=True),
    )

`Form.Changed` comes after every change: answer with `form.show_problems(...)` for what concerns several
fields. `Form.Submitted` comes when no field is refused and no problem is an error: read `field.value`.
`Form.Cancelled` comes when the operator leaves it, after a question where something was typed.
"""

from __future__ import annotations

from wgtui.ui.widgets.forms.base import FormField
from wgtui.ui.widgets.forms.choice import ChoiceField, Option
from wgtui.ui.widgets.forms.form import Form, FormHeading
from wgtui.ui.widgets.forms.secret import SecretEdit, SecretField
from wgtui.ui.widgets.forms.text_area import TextAreaField
from wgtui.ui.widgets.forms.text_field import TextField
from wgtui.ui.widgets.forms.toggle import ToggleField

__all__ = [
    "ChoiceField",
    "Form",
    "FormField",
    "FormHeading",
    "Option",
    "SecretEdit",
    "SecretField",
    "TextAreaField",
    "TextField",
    "ToggleField",
]
