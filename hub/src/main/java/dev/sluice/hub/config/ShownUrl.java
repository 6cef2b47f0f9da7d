package dev.sluice.hub.config;

/** URLs as they may stand in logs and on screens: without what may be a secret. */
public final class ShownUrl {

    private ShownUrl() {}

    /** A URL without its options and credentials. */
    public static String of(String url) {
        int query = url.indexOf('?');
        String bare = query < 0 ? url : url.substring(0, query);
        return bare.replaceFirst("//[^/]*@", "//");
    }
}
