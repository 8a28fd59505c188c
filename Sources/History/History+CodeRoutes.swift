import Core
import Cryptography
import HTTPTypes
import Identity
import Web

extension HistoryService {
    var codeEndpoints: [Endpoint] {
        [
            Endpoint(
                .get,
                "/v1/vehicles/{vin}/qr.svg",
                produces: ["image/svg+xml"],
                rateLimit: .verification,
                authorize: Policy.authorize(.vehicleRead),
                handler: code
            )
        ]
    }

    /// The code for the windscreen. It says nothing about the car: one is made for every VIN that can exist.
    private func code(_ call: Call) async throws -> Reply {
        let vin = try call.vin()
        let address = "\(publicURL)/v/\(vin.text)"
        // Only an address of more than two hundred characters does not fit, which the operator would have to set.
        guard let code = QRCode(Array(address.utf8)) else { throw StoredAddressError() }
        let side = code.size + 8
        var svg = SVGWriter()
        svg.group(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "viewBox": "0 0 \(side) \(side)", "role": "img",
                "aria-labelledby": "title", "shape-rendering": "crispEdges",
            ]
        ) { svg in
            svg.element("title", ["id": "title"], address)
            svg.empty("rect", ["width": "\(side)", "height": "\(side)", "fill": "#ffffff"])
            svg.empty("path", ["d": code.path, "fill": "#000000"])
        }
        let bytes = Array(svg.text.utf8)
        return Reply(.ok, headers: [.contentType: "image/svg+xml; charset=utf-8"], body: .bytes(bytes))
            .revalidated(tag: String(SHA256.hash(bytes).hex.prefix(32)))
    }
}

/// The public address is longer than a code holds: a fault of the settings.
private struct StoredAddressError: Error {}
