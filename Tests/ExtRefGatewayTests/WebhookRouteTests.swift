// SPDX-License-Identifier: Apache-2.0

import ExtRefGateway
import Testing

@Suite struct WebhookRouteTests {
    @Test(arguments: [
        ("/webhooks/src_1", "src_1", ""), ("/webhooks/src_1/s3cret", "src_1", "s3cret"),
        ("/webhooks/src_1/a%2Fb%3D%3d", "src_1", "a/b=="), ("/webhooks/src%5F1", "src_1", ""),
        ("/webhooks/src_1/%C3%BC", "src_1", "ü"),
    ])
    func `a path names a source, and a secret where there is one`(
        _ path: String, _ source: String, _ secret: String
    ) {
        let route = WebhookRoute(path: path)
        #expect(route?.sourceID == source && route?.secret == secret)
    }

    @Test(arguments: [
        "", "/", "webhooks/src_1", "/webhooks", "/webhooks/", "/webhooks//x", "/webhooks/src_1/",
        "/webhooks/src_1/a/b", "/Webhooks/src_1", "/x/webhooks/src_1", "/webhooks/src_1/%", "/webhooks/%2",
        "/webhooks/%zz", "/webhooks/%+1", "/webhooks/%FF",
        "/webhooks/" + String(repeating: "a", count: 2_048),
    ])
    func `every other path is none`(_ path: String) {
        #expect(WebhookRoute(path: path) == nil)
    }

    @Test(arguments: ["", "abc", "whsec_a+b/c==", "ü €", "%2F", "a/../b"])
    func `what is written is read again`(_ secret: String) {
        let route = WebhookRoute(path: WebhookRoute.path(sourceID: "src_1", secret: secret))
        #expect(route?.sourceID == "src_1" && route?.secret == secret)
    }
}
