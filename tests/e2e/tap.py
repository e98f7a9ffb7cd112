"""Test points, as the Test Anything Protocol has them."""

import sys


def plain(text):
    """On one line and in ASCII."""
    return text.encode("unicode_escape").decode()


class Tap:
    """Counts and prints test points."""

    def __init__(self):
        self.n = self.failed = 0

    def point(self, good, name, *why):
        self.n += 1
        self.failed += not good
        name = plain(name.replace("#", ""))
        print(f"{'ok' if good else 'not ok'} {self.n} - {name}")
        if not good:
            self.note(*why)
        sys.stdout.flush()

    def note(self, *lines):
        for line in lines:
            print("# " + plain(str(line)))

    def skip(self, name, why):
        self.n += 1
        print(f"ok {self.n} - {plain(name.replace('#', ''))} # SKIP "
              f"{plain(why)}")

    def end(self):
        """The exit status."""
        print(f"1..{self.n}")
        return 1 if self.failed else 0


def skip_all(why):
    print(f"1..0 # SKIP {why}")
