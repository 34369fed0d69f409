"""`python -m fieldsvc` is the command line."""

from fieldsvc.cli import main

if __name__ == "__main__":
    main()
