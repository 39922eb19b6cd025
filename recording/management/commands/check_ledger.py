"""`check_ledger`: prove that the sum of all changes is the value of every count."""

from dataclasses import asdict
from typing import Any

from dukcapil.command import ServiceCommand
from recording.ledger.selectors import check_ledger


class Command(ServiceCommand):
    help = "Buktikan bahwa jumlah semua perubahan sama dengan nilai setiap hitungan; keluar dengan 1 bila tidak."

    def act(self, **options: Any) -> dict[str, Any]:
        return asdict(check_ledger())

    def failed(self, answer: dict[str, Any]) -> bool:
        return bool(answer["mismatches"])
