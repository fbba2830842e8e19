"""Students and family of the demo who have a story; the demo's front page shows them first."""

DEMO_CAST = (
    "maya.reyes@students.example",
    "jonah.park@students.example",
    "tomas.lindgren@students.example",
    "amina.bashir@students.example",
    "rosa.montenegro@students.example",
    "lee.castellan@students.example",
    "nadia.whitfield@students.example",
    "carmen.castellan@family.example",
    "alex.duarte@family.example",
)
