"""What visitors of the demo are said to have searched for in vain, so that the editor's list shows something."""

from datetime import timedelta

from django.utils import timezone

from merchants.demo.plan import DemoPlan
from shop.storefront.models import VainSearch

# words → (days ago, times); a name that the goods carry otherwise, goods nobody makes, a slip of the finger
SEARCHED = {
    "keo lac hai tam": ((0, 3), (1, 5), (4, 2)),
    "ca thu nuong": ((1, 4), (2, 4)),
    "mang tre kho": ((2, 3), (6, 1)),
    "ruou nep cam": ((3, 2),),
    "nuoc mam ruoi": ((5, 1),),
}


def seed(plan: DemoPlan) -> None:
    """Make what is missing; a list that is there stays as it is."""
    if VainSearch.objects.exists():
        return
    today = timezone.localdate(plan.now)
    VainSearch.objects.bulk_create(
        VainSearch(words=words, day=today - timedelta(days=days_ago), times=times)
        for words, counts in SEARCHED.items()
        for days_ago, times in counts
    )
    plan.say(f"search: {len(SEARCHED)} words searched for in vain")
