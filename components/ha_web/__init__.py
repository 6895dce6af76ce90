"""Components for highly available web clusters on AWS.

Every name that another project may use is exported here; whatever is not is private and may change. A name is loaded
when it is first asked for, so that the recovery arithmetic is there without Pulumi and the AWS SDK.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
