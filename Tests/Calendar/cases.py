#!/usr/bin/env python3
"""Random questions to the calendar, with the answers of PyPI's holidays and Python's zoneinfo: neither knows our code.

    Tests/Calendar/cases.py FILE [COUNT] [SEED]

One question a line: what is asked, from when, how much, and the answer. `make calendar` asks CalendarAgreementTests all of them.
Working days end where the day after the last one begins; working hours are those of Monday to Friday, 08:30 to 17:00, and
end with the last of them; a local time is every moment at which the clocks show it; hours of the day are shown by the
clock on the wall.
"""
import datetime
import random
import sys
import zoneinfo

import holidays

LONDON, UTC = zoneinfo.ZoneInfo("Europe/London"), datetime.timezone.utc
FIRST, LAST = datetime.datetime(2019, 1, 1, tzinfo=UTC), datetime.datetime(2028, 6, 30, tzinfo=UTC)
ENGLAND = holidays.country_holidays("GB", subdiv="ENG", years=range(2018, 2030))
OPENS, CLOSES = datetime.time(8, 30), datetime.time(17, 0)
DAY = datetime.timedelta(days=1)


def text(moment):
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def works(date):
    return date.weekday() < 5 and date not in ENGLAND


def local(date, time):
    return datetime.datetime.combine(date, time, tzinfo=LONDON).astimezone(UTC)


def working_days(start, count):
    date = start.astimezone(LONDON).date()
    for _ in range(count):
        date += DAY
        while not works(date):
            date += DAY
    return text(local(date + DAY, datetime.time())), date.year > 2028


def working_minutes(start, count):
    left, date = datetime.timedelta(minutes=count), start.astimezone(LONDON).date()
    while True:
        if works(date):
            opens, closes = max(local(date, OPENS), start), local(date, CLOSES)
            if closes > start and closes - opens >= left:
                return text(opens + left), date.year > 2028
            left -= max(closes - opens, datetime.timedelta())
        date += DAY


def moments(naive):
    found = set()
    for fold in (0, 1):
        moment = naive.replace(tzinfo=LONDON, fold=fold).astimezone(UTC)
        if moment.astimezone(LONDON).replace(tzinfo=None) == naive:
            found.add(moment)
    return ",".join(text(one) for one in sorted(found))


def main():
    path = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.SystemRandom().randrange(1_000_000)
    chance = random.Random(seed)
    seconds = int((LAST - FIRST).total_seconds())
    # Half of the local times fall on the nights on which the clocks change.
    nights = [datetime.date(year, month, day) for year in range(2019, 2029) for month in (3, 10) for day in range(25, 32)
              if datetime.date(year, month, day).weekday() == 6]
    with open(path, "w", encoding="ascii") as file:
        print(f"# seed {seed}", file=file)
        for _ in range(count):
            start = FIRST + datetime.timedelta(seconds=chance.randrange(seconds))
            kind = chance.choice(("days", "hours", "local", "wall"))
            if kind == "days":
                much = chance.randrange(1, 61)
                answer = "{}|{:d}".format(*working_days(start, much))
            elif kind == "hours":
                much = chance.randrange(1, 80 * 60)
                answer = "{}|{:d}".format(*working_minutes(start, much))
            elif kind == "local":
                date = chance.choice(nights) if chance.random() < 0.5 else start.date()
                much = chance.randrange(1440)
                start = datetime.datetime.combine(date, datetime.time(), tzinfo=UTC)
                answer = moments(datetime.datetime.combine(date, datetime.time(much // 60, much % 60)))
            else:
                much = chance.randrange(1, 2000)
                answer = (start + datetime.timedelta(minutes=much)).astimezone(LONDON).strftime("%Y-%m-%d %H:%M:%S")
            print(f"{kind}|{text(start)}|{much}|{answer}", file=file)
    print(f"{count} cases of seed {seed}, holidays {holidays.__version__}")


main()
