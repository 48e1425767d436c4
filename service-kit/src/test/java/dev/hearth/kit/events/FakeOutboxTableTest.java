package dev.hearth.kit.events;

class FakeOutboxTableTest extends OutboxTableContract {

  @Override
  OutboxTable empty() {
    return new FakeOutboxTable();
  }
}
