"""Running a server: web processes (gunicorn), the worker for jobs (Huey), and who starts and stops them."""
