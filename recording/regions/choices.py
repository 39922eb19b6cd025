"""What the address of a page about a region chooses: region, document, period, run, the chart's range and the order of the
gaps. Shared by all such pages."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.rights import home_region
from dukcapil.errors import NotFound
from dukcapil.requests import PortalRequest
from recording.models import Document, check_document, run_not_found

CHART_SPANS = (90, 30)  # days up to the last one
BY_PERCENT = "persen"


@dataclass(frozen=True)
class Choices:
    """What the address chose: region, document, period (by name), run (None: the newest) and how many days the chart goes
    back (None: the whole period); `gaps` is BY_PERCENT, or None: by people."""

    code: str
    document: str
    period: str | None
    run: int | None
    span: int | None = None
    gaps: str | None = None

    @classmethod
    def of(cls, request: PortalRequest, code: str) -> "Choices":
        """From the query string; nonsense answers 404 with a sentence."""
        document = request.GET.get("dokumen", Document.KTP)
        check_document(document, field="", refusal=NotFound)
        gaps = BY_PERCENT if request.GET.get("kurang") == BY_PERCENT else None
        return cls(code, document, request.GET.get("periode"), run_number(request, "run"), chart_span(request), gaps)

    @property
    def document_label(self) -> str:
        return str(Document(self.document).label)

    def url(self, to: str = "region", **other: object) -> str:
        """The address of a page of figures (by its name; the region is its one argument) with other choices."""
        chosen = vars(self) | other
        names = {"dokumen": "document", "periode": "period", "run": "run", "rentang": "span", "kurang": "gaps"}
        query = {name: chosen[field] for name, field in names.items()}
        text = urlencode({name: value for name, value in query.items() if value is not None})
        return f"{reverse(to, args=[chosen['code']])}?{text}"

    def documents(self, to: str = "region") -> list[tuple[str, str, str, bool]]:
        """(value, label, address of this page with it, whether it is the chosen one) for _documents.html."""
        return [(value, str(label), self.url(to, document=value), value == self.document) for value, label in Document.choices]

    def tabs(self, here: str) -> list[tuple[str, str, bool]]:
        """(address, label, whether it is `here`) of the pages about this region, for _tabs.html."""
        pages = {
            "region": _("Cakupan"),
            "region_table": _("Tabel"),
            "explanation": _("Mengapa berubah?"),
            "digest": _("Ringkasan"),
            "figure_exports": _("Unduh dan cetak"),
            "counts": _("Catatan"),
            "region_targets": _("Target"),
        }
        return [(self.url(name), label, name == here) for name, label in pages.items()]


def run_number(request: PortalRequest, name: str) -> int | None:
    """The number of a run in the query, None when it is not given; NotFound for what is no number."""
    number = request.GET.get(name)
    if number is None:
        return None
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise run_not_found(number)
    return int(number)


def chart_span(request: PortalRequest) -> int | None:
    """?rentang= in days; nonsense is the whole period."""
    return next((days for days in CHART_SPANS if request.GET.get("rentang") == str(days)), None)


def chosen_region(request: PortalRequest) -> str:
    """?wilayah=, else the widest region that the reader may see."""
    return request.GET.get("wilayah") or home_region(request.user)


def page_number(request: PortalRequest) -> int:
    """?halaman= of a long list; nonsense is the first page."""
    text = request.GET.get("halaman", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1
