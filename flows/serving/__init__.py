"""What `onrecord serve` is made of.

jobs.py         the deployments as values: what runs, when, with which settings; nothing of Prefect in it
times.py        when something runs again and again
deployed.py     the same in Prefect: deployments with schedules, limits and forms; runs that were missed
zombies.py      the automations that call a run crashed whose process is no more
runner.py       the process that starts due runs, in a thread of its own
watch.py        a line in the terminal for each run that begins or ends
alone.py        a run that ends when the process that started it does
"""
