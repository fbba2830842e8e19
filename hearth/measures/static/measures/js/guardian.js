// What a guardian answers: help at the moment of a grave answer, before anything is sent.

import { offerHelp } from "./help_at_once.js";

offerHelp(document.querySelector("[data-guardian]"));
