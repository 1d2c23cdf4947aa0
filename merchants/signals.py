"""News of the register for whoever lies above it; sent inside the transaction of the change."""

from django.dispatch import Signal

account_change_moved = Signal()
"""A change of account was asked for, confirmed by both, carried out or stopped. `change`: the AccountChange; `news`:
"asked", "confirmed", "done" or "stopped"."""

code_alarm_raised = Signal()
"""What hangs on a wall is not what was verified there. `alarm`: the CodeAlarm, with its visit and merchant."""
