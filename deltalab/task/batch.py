from deltalab.backbone.batch import IGNORED as IGNORED
from deltalab.backbone.batch import Batch as Batch
