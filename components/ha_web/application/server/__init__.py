"""The program of a release, as it runs on the server: `install` once for each image, `start` at the first boot.

Python's standard library only, and imports within this folder only: the folder is put into the release as it is. Amazon
Linux's own Python is 3.9, so no newer syntax. All that it changes goes through commands (dnf, systemctl, mount) and
below HA_WEB_ROOT, so that tests run it on a machine of stand-ins.

What `start` asks for, on a server whose image has the release installed:

| Call | Where |
|---|---|
| instance metadata | the server itself |
| secretsmanager GetSecretValue, ssm GetParameter | the server's own region |
| mount of the file system | the server's own zone |

`install` also asks the package repositories of the operating system, and whatever the package's own `install` asks.
"""
