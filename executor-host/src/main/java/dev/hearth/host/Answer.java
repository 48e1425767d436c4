package dev.hearth.host;

/**
 * What an instance answered.
 *
 * @param status the HTTP status, or 0 when there is no answer; then {@code headers} begins with the
 *     error's code
 * @param headers {@code name\0value\0…}
 * @param milliseconds the time the interpreter took
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared; the bytes go straight to the socket.
record Answer(int status, String headers, byte[] body, double milliseconds) {}
