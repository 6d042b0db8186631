/** Servers that echo over HTTP/1.1 and HTTP/2 in processes of their own, a load on them, and what it costs them. */
package dev.tenon.ws.benchmarks.carriers;
