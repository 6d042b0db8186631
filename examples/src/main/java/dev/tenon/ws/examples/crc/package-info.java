/**
 * How to write an extension, shown on one that is as small as it can be and still be of use.
 *
 * <p>{@code x-crc32c} puts a checksum in front of the payload of every data frame, as extension data (RFC 6455 §5.2),
 * and says so in RSV2. Read the classes in this order:
 *
 * <ol>
 *   <li>{@link Crc32cProvider}: the name, what a client offers, what a server answers, and what a client accepts.
 *   <li>{@link Crc32c}: what two ends have agreed on, and the RSV bit that it owns; then the two stages.
 *   <li>its test, five lines that hold it to the laws of every extension.
 * </ol>
 *
 * <p>To have it found by {@link java.util.ServiceLoader}, a module says {@code provides
 * dev.tenon.ws.extension.ExtensionProvider with ...}, and its jar names the class in
 * {@code META-INF/services/dev.tenon.ws.extension.ExtensionProvider} for the class path. To have it only where it is
 * wanted, give it to {@link dev.tenon.ws.extension.Extensions#of}.
 */
@NullMarked
package dev.tenon.ws.examples.crc;

import org.jspecify.annotations.NullMarked;
