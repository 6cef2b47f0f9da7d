package dev.sluice.hub.cli;

import dev.sluice.hub.control.HubInfo;
import dev.sluice.hub.control.TopView;

/** A hub and its busiest channels at one moment. */
record TopLook(HubInfo info, TopView view) {}
