"""What every chat platform shares: the words of an answer, what a button carries, living messages, cases."""
