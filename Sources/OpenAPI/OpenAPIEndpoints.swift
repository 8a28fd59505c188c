import Core
import Cryptography
import HTTPTypes
package import Web

/// The document itself, and the page that shows it to people.
package let openAPIEndpoints: [Endpoint] = [
    Endpoint(
        .get,
        "/openapi.yaml",
        produces: ["application/yaml"],
        authorize: AccessDecision.everyone
    ) { _ in
        Reply(.ok, headers: [.contentType: "application/yaml"], body: .bytes(OpenAPIDocument.bytes))
            .revalidated(tag: OpenAPIDocument.entityTag)
    },
    Endpoint(
        .get,
        "/docs",
        produces: ["text/html"],
        authorize: AccessDecision.everyone
    ) { _ in
        try documentationPage.get()
    },
]

/// Made when it is first asked for: an instance that nobody reads the page of never pays for it.
private let documentationPage = Result<Reply, any Error> {
    let bytes = Array(DocsPage(try OpenAPIDocument.tree()).html.utf8)
    return Reply(.ok, headers: [.contentType: "text/html; charset=utf-8"], body: .bytes(bytes))
        .revalidated(tag: OpenAPIDocument.tag(of: bytes))
        .with(.contentSecurityPolicy, DocsStyle.contentSecurityPolicy)
}

extension Reply {
    /// Public, and asked for again each time: a document of yesterday may promise what the server of today does not.
    fileprivate func revalidated(tag: String) -> Reply {
        withETag(tag).with(.cacheControl, "public, no-cache")
    }
}
