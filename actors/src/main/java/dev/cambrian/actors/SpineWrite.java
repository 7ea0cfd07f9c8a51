package dev.cambrian.actors;

/** What the population writes into the spine in one go, by its reason, with the points at which a crash is tried. */
enum SpineWrite {
  START(CrashPoint.START_PERSISTING, CrashPoint.START_PERSISTED, CrashPoint.START_ANSWERED),
  ASSIGN(CrashPoint.ASSIGN_PERSISTING, CrashPoint.ASSIGN_PERSISTED, CrashPoint.ASSIGN_ANSWERED),
  REPORT(CrashPoint.REPORT_PERSISTING, CrashPoint.REPORT_PERSISTED, CrashPoint.REPORT_ANSWERED),
  REASSIGN(CrashPoint.REASSIGN_PERSISTING, CrashPoint.REASSIGN_PERSISTED, CrashPoint.REASSIGN_ANSWERED),
  RECOVER(CrashPoint.RECOVER_PERSISTING, CrashPoint.RECOVER_PERSISTED, CrashPoint.RECOVER_ANSWERED),
  COLLECT(CrashPoint.COLLECT_PERSISTING, CrashPoint.COLLECT_PERSISTED, CrashPoint.COLLECT_ANSWERED),
  CONTROL(CrashPoint.CONTROL_PERSISTING, CrashPoint.CONTROL_PERSISTED, CrashPoint.CONTROL_ANSWERED),
  TEST(CrashPoint.TEST_PERSISTING, CrashPoint.TEST_PERSISTED, CrashPoint.TEST_ANSWERED);

  private final CrashPoint persisting;
  private final CrashPoint persisted;
  private final CrashPoint answered;

  SpineWrite(CrashPoint persisting, CrashPoint persisted, CrashPoint answered) {
    this.persisting = persisting;
    this.persisted = persisted;
    this.answered = answered;
  }

  CrashPoint persisting() {
    return persisting;
  }

  CrashPoint persisted() {
    return persisted;
  }

  CrashPoint answered() {
    return answered;
  }
}
