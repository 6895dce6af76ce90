"""When a schedule's target is started next: in its minute, at any second of it.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from rehearsal.live.functions.schedule import Rate, parse

MINUTE = 60.0


@dataclass
class Timer:
    """The next start of a target."""

    expression: str
    random: Random
    began: datetime
    window: datetime
    """The minute in which it is due."""
    due: datetime

    @classmethod
    def of(cls, expression: str, now: datetime, random: Random) -> "Timer":
        """Return the timer of a rule that has been there for a while. Raises ScheduleError."""
        schedule = parse(expression)
        if isinstance(schedule, Rate):
            age = schedule.seconds if schedule.seconds <= MINUTE else random.uniform(0, schedule.seconds)
            began = now - timedelta(seconds=age)
        else:
            began = now
        window = now if isinstance(schedule, Rate) and schedule.seconds <= MINUTE else schedule.after(now, began)
        return cls(expression, random, began, window, window + timedelta(seconds=random.uniform(0, MINUTE)))

    def fires(self, now: datetime) -> bool:
        """Tell whether the target is to be started now; then the next minute is drawn."""
        if now < self.due:
            return False
        schedule = parse(self.expression)
        while self.due <= now:
            self.window = schedule.after(self.window, self.began)
            self.due = self.window + timedelta(seconds=self.random.uniform(0, MINUTE))
        return True
