"""The moderators' console under /moderation: cases, members, the policy, the log, the weekly report."""
