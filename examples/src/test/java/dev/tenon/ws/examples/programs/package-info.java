/** The programs of README.md, which shows them without the package line. */
package dev.tenon.ws.examples.programs;
