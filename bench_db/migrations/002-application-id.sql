-- "Assy": tells the file from those of other programs.
PRAGMA application_id = 1098085241;
