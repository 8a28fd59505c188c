import Core
import Cryptography
import HTTPTypes
import Web

/// What a browser fetches besides the pages. Each has a name that changes with its bytes, so that it is kept for ever
/// and never out of date.
struct PageAssets {
    let path: String
    private let name: String
    private let mediaType: String
    private let bytes: [UInt8]

    static let style = PageAssets("style", "css", "text/css; charset=utf-8", PageStyle.css.description)
    static let script = PageAssets("page", "js", "text/javascript; charset=utf-8", PageScript.source.description)
    static let carStyle = PageAssets("car", "css", "text/css; charset=utf-8", CarStyle.css.description)
    static let carScript = PageAssets("car", "js", "text/javascript; charset=utf-8", CarScript.source)
    static let icon = PageAssets("icon", "svg", "image/svg+xml; charset=utf-8", PageStyle.icon.description)

    private init(_ name: String, _ ending: String, _ mediaType: String, _ text: String) {
        bytes = Array(text.utf8)
        self.name = "\(name)-\(SHA256.hash(bytes).bytes.prefix(8).hex).\(ending)"
        self.mediaType = mediaType
        path = "/assets/\(self.name)"
    }

    private static let all = [style, script, carStyle, carScript, icon]

    static let endpoint = Endpoint(
        .get,
        "/assets/{name}",
        produces: ["text/css", "text/javascript", "image/svg+xml"],
        authorize: AccessDecision.everyone
    ) { call in
        let name = try call.parameter("name")
        guard let asset = all.first(where: { $0.name == name }) else { throw Failure(.notFound) }
        return Reply(.ok, headers: [.contentType: asset.mediaType], body: .bytes(asset.bytes)).immutable()
    }
}
