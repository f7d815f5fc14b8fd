"""The tasks: one module each, found by `evals.task.find_tasks`."""
