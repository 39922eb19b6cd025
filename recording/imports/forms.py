"""The form by which a file is sent in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.rights import Actor, can
from dukcapil.forms import ServiceForm
from recording.models import IMPORT_ACTIONS, ImportKind


class UploadForm(ServiceForm):
    """A file and what it holds; `key` makes sending the form twice one upload."""

    key = forms.CharField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Isi berkas"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("Berkas"),
        help_text=_("XLSX, XLS atau ODS sampai 20 MB, CSV sampai 150 MB. Tanpa makro, tanpa kata sandi, tanpa NIK."),
        error_messages={"required": _("Pilih berkasnya."), "empty": _("Berkas kosong.")},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv,.txt"}),
    )

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("kind", [(kind, label) for kind, label in ImportKind.choices if can(by, IMPORT_ACTIONS[ImportKind(kind)])])
