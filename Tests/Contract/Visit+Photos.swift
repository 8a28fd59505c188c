import Core
import Support
import Testing
import Web

// The steps of a walk that concern the photographs of listings.

extension Visit {
    /// Uploads go as PNG, which is not the first type of the document.
    private func upload(_ number: UInt8, _ offer: [String: String], _ key: String?, _ tag: String?) -> Request {
        var request = Request(parameters: offer, query: "angle=front_left&turn_degrees=45", key: key)
        request.headers = [("Content-Type", "image/png")] + (tag.map { [("If-Match", $0)] } ?? [])
        request.bytes = SamplePNG.image(number)
        return request
    }

    private func tag(_ offer: [String: String], _ dealer: Member) async throws -> String {
        try await call("getListing", Request(parameters: offer, key: dealer.key)).entityTag()
    }

    /// - Parameters:
    ///   - dealer: has a car to offer that nobody offers yet.
    ///   - workshop: offers nothing.
    func photos(_ dealer: Member, _ rival: Member, _ workshop: Member, _ content: JSON) async throws {
        let draft = try await call("createListing", Request(key: dealer.key, json: content))
        let offer = ["id": try draft.text("id")]
        let photo = try await uploading(offer, dealer)
        try await describing(offer, photo, dealer)
        for (key, code) in [(workshop.key, "forbidden"), (nil, "unauthenticated"), (rival.key, "not_found")] {
            try await refuseAll(offer, photo, key, code)
        }
        try await refuseAll(anyParameters, anyParameters["photo"] ?? "", dealer.key, "not_found")
        try await showing(offer, dealer, rival)
        try await filling(offer, dealer)
        try await fixing(offer, photo, dealer)
    }

    private func uploading(_ offer: [String: String], _ dealer: Member) async throws -> String {
        let id = "addListingPhoto"
        let first = upload(1, offer, dealer.key, try await tag(offer, dealer))
        let photo = try await call(id, first)
        #expect(photo.status == 201)
        let again = try await call(id, first)
        #expect(again.status == 200 && again.json == photo.json)
        try await refuse(id, "precondition_required", upload(2, offer, dealer.key, nil))
        try await refuse(id, "precondition_failed", upload(2, offer, dealer.key, "\"v0-00000000\""))
        var request = upload(2, offer, dealer.key, try again.entityTag())
        request.query = "angle=below"
        try await refuse(id, "invalid_query", request)
        request.query = "angle=rear"
        request.bytes = Array("GIF89a".utf8)
        try await refuse(id, "image_refused", request)
        request.bytes = [UInt8](repeating: 0, count: (10 << 20) + 1)
        try await refuse(id, "payload_too_large", request)
        request.bytes = SamplePNG.image(2)
        request.headers.append(("Content-Digest", "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"))
        try await refuse(id, "digest_mismatch", request)
        request.headers.removeLast()
        try await call(id, request)
        return try photo.text("id")
    }

    private func describing(_ offer: [String: String], _ photo: String, _ dealer: Member) async throws {
        let id = "updateListingPhoto"
        var patch = Request(parameters: offer.merging(["photo": photo]) { $1 }, key: dealer.key)
        patch.json = ["caption": rules.language == .chinese ? "左前方" : "Front left", "position": 2]
        try await refuse(id, "precondition_required", patch)
        patch.headers = [("If-Match", try await tag(offer, dealer))]
        let changed = try await call(id, patch)
        let ids = changed.json["photos"]?.arrayValue?.compactMap { $0["id"]?.stringValue } ?? []
        #expect(ids.last == photo)
        try await refuse(id, "precondition_failed", patch)
        patch.headers = [("If-Match", try changed.entityTag())]
        patch.json = ["entries": [JSON(String(repeating: "0", count: 64))]]
        try await refuse(id, "invalid_request", patch)
        var order = Request(
            parameters: offer,
            key: dealer.key,
            json: ["photos": .array(ids.reversed().map { JSON($0) })]
        )
        try await refuse("orderListingPhotos", "precondition_required", order)
        order.headers = [("If-Match", "\"v0-00000000\"")]
        try await refuse("orderListingPhotos", "precondition_failed", order)
        order.headers = patch.headers
        let ordered = try await call("orderListingPhotos", order)
        order.headers = [("If-Match", try ordered.entityTag())]
        order.json = ["photos": [JSON(photo)]]
        try await refuse("orderListingPhotos", "invalid_request", order)
        try await removing(offer, try #require(ids.first), dealer)
    }

    private func removing(_ offer: [String: String], _ photo: String, _ dealer: Member) async throws {
        var request = Request(parameters: offer.merging(["photo": photo]) { $1 }, key: dealer.key)
        try await refuse("removeListingPhoto", "precondition_required", request)
        request.headers = [("If-Match", "\"v0-00000000\"")]
        try await refuse("removeListingPhoto", "precondition_failed", request)
        request.headers = [("If-Match", try await tag(offer, dealer))]
        #expect(try await call("removeListingPhoto", request).json["photos"]?.arrayValue?.count == 1)
        try await refuse("removeListingPhoto", "not_found", request)
    }

    private func requests(
        _ offer: [String: String],
        _ photo: String,
        _ key: String?,
        _ tag: String
    ) -> [(id: String, request: Request)] {
        let one = offer.merging(["photo": photo]) { $1 }
        let match = [("If-Match", tag)]
        return [
            ("addListingPhoto", upload(99, offer, key, tag)),
            ("orderListingPhotos", Request(parameters: offer, key: key, headers: match, json: ["photos": []])),
            ("updateListingPhoto", Request(parameters: one, key: key, headers: match, json: ["position": 1])),
            ("removeListingPhoto", Request(parameters: one, key: key, headers: match)),
        ]
    }

    private func refuseAll(_ offer: [String: String], _ photo: String, _ key: String?, _ code: String) async throws {
        for (id, request) in requests(offer, photo, key, "\"v0-00000000\"") { try await refuse(id, code, request) }
    }

    // MARK: The image itself

    private func showing(_ offer: [String: String], _ dealer: Member, _ rival: Member) async throws {
        let listing = try await call("getListing", Request(parameters: offer, key: dealer.key))
        let hash = try #require(listing.json["photos"]?.arrayValue?.first?["hash"]?.stringValue)
        var request = Request(parameters: ["hash": hash], key: dealer.key)
        let image = try await call("getPhoto", request)
        #expect(image.http.header("Content-Type") == "image/png")
        request.headers = [("If-None-Match", try image.entityTag())]
        #expect(try await call("getPhoto", request).status == 304)
        for key in [rival.key, nil] {
            try await refuse("getPhoto", "not_found", Request(parameters: ["hash": hash], key: key))
        }
    }

    // MARK: The listing's limits

    private func filling(_ offer: [String: String], _ dealer: Member) async throws {
        for number in UInt8(3)...41 {
            try await call("addListingPhoto", upload(number, offer, dealer.key, try await tag(offer, dealer)))
        }
        let more = upload(42, offer, dealer.key, try await tag(offer, dealer))
        try await refuse("addListingPhoto", "photo_limit_reached", more)
    }

    private func fixing(_ offer: [String: String], _ photo: String, _ dealer: Member) async throws {
        for step in ["publishListing", "reserveListing"] {
            let headers = [("If-Match", try await tag(offer, dealer))]
            try await call(step, Request(parameters: offer, key: dealer.key, headers: headers, json: [:]))
        }
        let tag = try await tag(offer, dealer)
        for (id, request) in requests(offer, photo, dealer.key, tag) { try await refuse(id, "listing_state", request) }
    }
}
