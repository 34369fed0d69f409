"""The office: server-rendered pages for supervisors on old machines. They work without JavaScript, and print."""
