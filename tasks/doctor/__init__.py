"""What is wrong, in sentences, and the command that mends each: facts in, findings out, nothing is touched.

    finding        what a finding is                 installation   packages, the Prefect server
    machine        room on the disk, the clock       stored         the warehouse and the archive

The facts come from `warehouse.condition`, `tasks.archive.condition` and `flows.doctor_command`.
"""
