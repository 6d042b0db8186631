package dev.tenon.ws.site;

/**
 * A page that is made from a Markdown file.
 *
 * @param source the file, relative to the root of the repository, with slashes
 * @param target the HTML file, relative to the root of the site; all pages are in one folder
 * @param group the heading under which the navigation lists it
 * @param title its title in the navigation
 */
record Page(String source, String target, String group, String title) {}
