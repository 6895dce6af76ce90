"""The former name of `review.filter_events`, kept for one release: projects that copied this folder call it."""

from review.filter_events import main

if __name__ == "__main__":
    main()
