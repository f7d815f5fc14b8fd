"""The pages a clinician sees. They talk to the service over HTTP and to nothing else."""
