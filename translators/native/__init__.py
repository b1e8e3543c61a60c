"""Google's own protocols as callers speak them to us: their requests read, their answers written."""
