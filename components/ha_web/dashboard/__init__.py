"""A page of CloudWatch on a site: both regions side by side, objectives as lines, and what is in alarm."""
