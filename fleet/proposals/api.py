"""Proposals in the API: reading them, asking for one, and the file of a plan, which anybody can check."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from accounts.acts import Act
from accounts.roles import Action
from dukcapil.api.renderers import Json
from dukcapil.api.schema import FIELDS
from dukcapil.api.views import Answers, Row, Rows
from dukcapil.errors import N_, Refused, RefusedRows
from fleet.filters import ProposalFilter
from fleet.models import Proposal, ProposalStatus, ProposalStep
from fleet.proposals.explaining import failure_of
from fleet.proposals.question import ALPHAS, MAX_DAYS, MAX_FLOOR, Ban, Options, Pin, Question
from fleet.proposals.selectors import visible_proposal
from fleet.proposals.services import ask
from recording.public import Door, api_rows

NUMBER = OpenApiParameter("number", int, OpenApiParameter.PATH, description="Its number, from `number` of the list.")
MAX_PINS = 500
WHY_MOVED = ["closed", "nothing_left", "too_often", "no_van", "better"]


class PinEntry(serializers.Serializer[Any]):
    village = serializers.CharField(help_text="Code of the kelurahan.")
    day = serializers.DateField(help_text="The day on which a van must go there.")


class BanEntry(serializers.Serializer[Any]):
    village = serializers.CharField(help_text="Code of the kelurahan.")
    day = serializers.DateField(required=False, help_text="The day on which no van may go there; absent: on none.")


class ProposalEntry(serializers.Serializer[Any]):
    region = serializers.CharField(help_text="Code of a city, or of the province for all of its cities.")
    first_day = serializers.DateField(help_text="First day, not before today.")
    days = serializers.IntegerField(min_value=1, max_value=MAX_DAYS, help_text="Days of the calendar from there on.")
    alpha = serializers.ChoiceField(
        ALPHAS, required=False, help_text="0: only the sum of recordings counts; 0.5 (default), 1: places of low coverage more."
    )
    lend_own = serializers.BooleanField(required=False, help_text="Whether an idle van of a Sudin may serve another city.")
    worst_city_first = serializers.BooleanField(required=False, help_text="Whether the city of lowest coverage weighs most.")
    floor = serializers.IntegerField(
        required=False, min_value=0, max_value=MAX_FLOOR, help_text="Stops that each city is promised."
    )
    saturdays = serializers.BooleanField(required=False, help_text="Whether vans go on Saturdays too.")
    agency = serializers.BooleanField(required=False, help_text="Whether vans of the agency are lent; always for a province.")
    pins = PinEntry(many=True, required=False, help_text="Stops that the plan must hold.")
    bans = BanEntry(many=True, required=False, help_text="Stops that the plan must not hold.")


class ProposalRow(serializers.Serializer[Any]):
    number = serializers.IntegerField(source="pk", help_text="Number of the proposal; never changes.")
    region = serializers.CharField(source="region_id", help_text="Code of the city, or of the province for all cities.")
    first_day = serializers.DateField(help_text="First day.")
    days = serializers.IntegerField(help_text="Days of the calendar from there on.")
    status = serializers.ChoiceField(
        ProposalStatus.choices,
        help_text="queued, working, ready (a plan is there), failed (see failure), published (its stops are trips now) or "
        "replaced (by a newer proposal).",
    )
    progress = serializers.IntegerField(help_text="Per cent of the work that is done.")
    step = serializers.ChoiceField(ProposalStep.choices, help_text="What a worker does at the moment; empty: nothing.")
    failure = serializers.SerializerMethodField(help_text="Why there is no plan, in words; empty: there is one, or it waits.")
    replaces = serializers.IntegerField(
        source="replaces_id", allow_null=True, help_text="Number of the proposal that it was asked in place of; null: of none."
    )
    repairs = serializers.BooleanField(help_text="Whether it keeps a published week as far as it can.")
    engine = serializers.CharField(help_text="What proposed the plan: the solver with its version, or greedy.")
    asked_at = serializers.DateTimeField(source="at", help_text="When it was asked.")
    finished_at = serializers.DateTimeField(allow_null=True, help_text="When its plan was ready, or it failed; null: not yet.")
    published_at = serializers.DateTimeField(allow_null=True, help_text="When it was published; null: it was not.")

    @extend_schema_field(OpenApiTypes.STR)
    def get_failure(self, proposal: Proposal) -> str:
        return failure_of(proposal)


class StopRow(serializers.Serializer[Any]):
    village = serializers.CharField(source="place", help_text="Code of the kelurahan.")
    day = serializers.DateField(help_text="Day of the stop.")
    ordinal = serializers.IntegerField(help_text="Which visit of the period it is there, from 1.")
    expected = serializers.FloatField(allow_null=True, help_text="People whom it is expected to record.")
    low = serializers.IntegerField(allow_null=True, help_text="Lower end of the range that holds in 80 of 100 cases.")
    high = serializers.IntegerField(allow_null=True, help_text="Upper end of that range.")
    last = serializers.IntegerField(allow_null=True, help_text="People recorded by the last visit there; null: there was none.")
    limit = serializers.FloatField(
        source="limit_people", allow_null=True, help_text="What one more van would bring to this city that day, in people."
    )


class MoveRow(serializers.Serializer[Any]):
    village = serializers.CharField(source="place", help_text="Code of the kelurahan.")
    day = serializers.DateField(help_text="The day on which it was published.")
    new_day = serializers.DateField(allow_null=True, help_text="The day on which the plan goes there instead; null: on none.")
    why = serializers.ChoiceField(
        WHY_MOVED,
        help_text="closed, nothing_left (nobody is expected there), too_often (too near to another visit), no_van, or better "
        "(another plan records more).",
    )


class ProposalDetail(ProposalRow):
    stops = serializers.SerializerMethodField(help_text="The plan, stop by stop, with the reasons; empty without a plan.")
    moves = serializers.SerializerMethodField(help_text="Published stops that the plan does not keep, and why.")

    @extend_schema_field(StopRow(many=True))
    def get_stops(self, proposal: Proposal) -> Any:
        return StopRow(proposal.facts.get("reasons", []), many=True).data

    @extend_schema_field(MoveRow(many=True))
    def get_moves(self, proposal: Proposal) -> Any:
        return MoveRow(proposal.facts.get("moves", []), many=True).data


class Queued(serializers.Serializer[Any]):
    number = serializers.IntegerField(help_text="Number of the proposal; read it at proposals/NUMBER/ until it is ready.")
    status = serializers.ChoiceField(
        ProposalStatus.choices, help_text="queued; or that of the proposal which answers this question already."
    )


ONE = {"region": "31.73", "first_day": "2021-11-29", "days": 14}


@extend_schema(tags=["fleet"])
class Proposals(Rows):
    """Proposals of where the vans go."""

    reads, writes = Action.FLEET_READ, Action.TRIP_WRITE
    serializer_class = ProposalRow
    queryset = Proposal.objects.none()
    filterset_class = ProposalFilter
    orderings = {"number": ("pk",)}
    ordering = "number"

    def get_queryset(self) -> QuerySet[Proposal]:
        return Proposal.objects.visible_to(self.request.user).defer("plan", "facts")

    @extend_schema(
        summary="Proposals",
        parameters=[FIELDS],
        operation_id="proposals_list",
        description="What was asked of the planner and what became of it, the oldest first.",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        summary="Ask for a proposal",
        operation_id="proposals_ask",
        parameters=[api_rows.IDEMPOTENCY],
        filters=False,
        description="The question waits for a worker, and is answered within seconds. The same question while nothing has "
        "changed: the same proposal. For whoever may edit the schedule of the city; the key's scope: proposals:write.",
        request=ProposalEntry,
        responses={202: Queued},
        examples=[OpenApiExample("Two weeks of one city", value=ONE, request_only=True)],
    )
    def post(self, request: Request) -> HttpResponse:
        """Ask for a proposal."""
        if not isinstance(request.data, dict):
            raise Refused(N_("Kirim satu objek JSON."))
        (question,) = api_rows.read_rows(request.data, ProposalEntry, _read, limit=1)
        act = Act(request.user, request._request.now, Door.API)

        def work() -> dict[str, Any]:
            proposal = ask(act=act, question=question)
            return {"number": proposal.pk, "status": str(proposal.status)}

        return api_rows.once(request, work, status=202)


@extend_schema(
    tags=["fleet"], summary="One proposal", description="By its number, with its stops.", parameters=[NUMBER, FIELDS]
)
class OneProposal(Row):
    """By its number."""

    reads = Action.FLEET_READ
    serializer_class = ProposalDetail
    queryset = Proposal.objects.none()

    def get_queryset(self) -> QuerySet[Proposal]:
        return Proposal.objects.visible_to(self.request.user).defer("plan")


class PlanFile(Answers):
    """The file of a plan."""

    reads = Action.FLEET_READ
    renderer_classes = (Json,)

    @extend_schema(
        tags=["fleet"],
        summary="The file of a plan",
        operation_id="proposal_plan",
        parameters=[NUMBER],
        description="The plan with its input and its proof, letter by letter: `check_plan FILE` checks it without a solver.",
        responses={(200, "application/json"): OpenApiTypes.OBJECT},
    )
    def get(self, request: Request, number: int) -> HttpResponse:
        proposal = visible_proposal(request.user, number)
        if not proposal.plan:
            raise NotFound(_("Yang diminta tidak ada."))
        answer = HttpResponse(proposal.plan, content_type="application/json")
        answer["Content-Disposition"] = f'attachment; filename="usulan-{proposal.pk}.json"'
        return answer


def _read(row: dict[str, Any]) -> Question:
    options = Options(
        api_rows.text(row, "alpha", "0.5"),
        api_rows.boolean(row, "lend_own"),
        api_rows.boolean(row, "worst_city_first"),
        api_rows.integer(row, "floor", 0) or 0,
        api_rows.boolean(row, "saturdays"),
        api_rows.boolean(row, "agency"),
    )
    pins = frozenset(Pin(village, day) for village, day in _stops(row, "pins", PinEntry))
    bans = frozenset(Ban(village, day) for village, day in _stops(row, "bans", BanEntry))
    first_day, days = api_rows.day(row, "first_day"), api_rows.integer(row, "days")
    return Question(api_rows.text(row, "region"), first_day, days or 0, options, pins, bans)


def _stops(row: dict[str, Any], name: str, entry: type[serializers.Serializer[Any]]) -> list[tuple[str, str]]:
    """(kelurahan, day as text; "" where none is named) of a list of stops; Refused at its name."""
    rows = row.get(name, [])
    if not isinstance(rows, list):
        raise Refused(N_("Kirim daftar objek, masing-masing dengan village dan day."), name)

    def read(stop: dict[str, Any]) -> tuple[str, str]:
        return api_rows.text(stop, "village"), api_rows.day(stop, "day").isoformat() if "day" in stop else ""

    try:
        return api_rows.read_rows(rows, entry, read, limit=MAX_PINS) if rows else []
    except RefusedRows as problem:
        first = problem.errors[0][1]
        raise Refused(first.template, name, **first.params) from problem
