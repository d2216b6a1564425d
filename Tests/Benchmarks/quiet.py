"""Whether the machine has nothing else to do. Everybody who takes part stands still while this is looked at."""
import time

from environment import note


class Quiet:
    """Waits for quiet, as long as there is patience; then goes on, and counts the turns that were disturbed."""

    def __init__(self, patience):
        self.patience = patience
        self.turns = self.disturbed = 0

    def wait(self):
        """Comes back when the machine is quiet, or the patience is used up."""
        self.turns += 1
        is_busy = busy()
        if is_busy and self.patience > 0:
            note("waiting for others to finish their work")
        while is_busy and self.patience > 0:
            time.sleep(1)
            self.patience -= 1
            is_busy = busy()
        self.disturbed += is_busy


def busy():
    """Whether any processor works for a good part of a moment; False where the system does not tell."""
    try:
        before = ticks()
        time.sleep(0.05)
        return ticks() - before > 1
    except OSError:
        return False


def ticks():
    """The hundredths of a second that all processors have worked."""
    with open("/proc/stat") as statistics:
        _, user, nice, system, _, _, *interrupts = statistics.readline().split()
    return sum(map(int, [user, nice, system, *interrupts[:3]]))
