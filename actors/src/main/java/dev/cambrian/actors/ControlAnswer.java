package dev.cambrian.actors;

/**
 * What came of a {@link Control}.
 *
 * @param event the spine's event that it caused, now or when it was asked for the first time; 0 where it was refused
 * @param note one sentence about when and for whom it holds
 * @param refusal one sentence about why it was refused; empty where it was not
 */
public record ControlAnswer(long event, String note, String refusal) implements CborMessage {}
