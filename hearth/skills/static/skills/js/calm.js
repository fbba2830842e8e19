// Breathing with a pacer, and scripts one step at a time. Nothing is stored or sent. Without this script the page is
// plain words; where less motion is asked for, the ball stays still and only counts.

import { pace } from "./pacer.js";
import { oneByOne } from "./steps.js";

for (const place of document.querySelectorAll("[data-pacer]")) pace(place);
for (const place of document.querySelectorAll("[data-one-by-one]")) oneByOne(place);
