/** The programs of README.md; each stands there without its package. */
package dev.tenon.ws.examples.programs;
