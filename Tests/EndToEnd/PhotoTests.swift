import Core
import Support
import Testing

/// Photographs of listings over HTTP.
@Suite struct PhotoTests {
    /// A dealer's draft, and what a caller has to know to go on with it.
    private final class Stand {
        let house: House
        let dealer: House.Member
        let id: String
        var tag: String

        init() async throws {
            house = try await House.open()
            dealer = try await house.dealer()
            let draft = try await house.post("/v1/listings", ListingTests.draft(), as: dealer.key)
            id = try #require(draft.json["id"]?.stringValue, "\(draft.http.text)")
            tag = try #require(draft.http.header("ETag"))
            #expect(draft.json["photos"] == [])
        }

        var path: String { "/v1/listings/\(id)/photos" }

        @discardableResult
        func upload(
            _ bytes: [UInt8],
            angle: String = "front",
            type: String = "image/png",
            as key: String? = nil,
            tag: String? = nil
        ) async throws -> House.Answer {
            let headers: HTTPClient.Headers = [
                ("Authorization", "Bearer \(key ?? dealer.key)"), ("Content-Type", type), ("If-Match", tag ?? self.tag),
            ]
            let target = "\(path)?angle=\(angle)"
            return noted(House.Answer(try await house.client.send("POST", target, headers: headers, body: bytes)))
        }

        func send(_ method: String, _ path: String, _ body: JSON, as key: String? = nil) async throws -> House.Answer {
            let answer = try await house.send(
                method,
                path,
                body,
                as: key ?? dealer.key,
                headers: [("If-Match", tag)]
            )
            return noted(answer)
        }

        func delete(_ photo: String) async throws -> House.Answer {
            let headers: HTTPClient.Headers = [("Authorization", "Bearer \(dealer.key)"), ("If-Match", tag)]
            return noted(House.Answer(try await house.client.send("DELETE", "\(path)/\(photo)", headers: headers)))
        }

        func step(_ step: String) async throws {
            let answer = try await send("POST", "/v1/listings/\(id)/\(step)", [:])
            #expect(answer.status == 200, "\(answer.http.text)")
        }

        /// The photographs as strangers, or their dealer, see them.
        func shown() async throws -> [JSON] {
            try await house.get("/v1/listings/\(id)", as: dealer.key).json["photos"]?.arrayValue ?? []
        }

        private func noted(_ answer: House.Answer) -> House.Answer {
            if (200..<300).contains(answer.status), let new = answer.http.header("ETag") { tag = new }
            return answer
        }
    }

    private func scrubbed(_ answer: House.Answer) -> [String] {
        let changing: Set<String> = ["x-request-id", "date", "ratelimit"]
        let id = answer.json["request_id"]?.stringValue ?? "-"
        return answer.http.headers.filter { !changing.contains($0.name.lowercased()) }.map { "\($0.name): \($0.value)" }
            + [answer.http.text.replacing(id, with: "-")]
    }

    @Test func `a photo is there for strangers as long as a public listing shows it`() async throws {
        let stand = try await Stand()
        let photo = try await stand.upload(SamplePNG.image(1))
        #expect(photo.status == 201, "\(photo.http.text)")
        #expect(photo.json["width"] == 320 && photo.json["height"] == 240 && photo.json["position"] == 1)
        let url = try #require(photo.json["url"]?.stringValue)
        #expect(photo.http.header("Location") == url)
        let nowhere = "/v1/photos/" + String(repeating: "0", count: 64)
        func isHidden() async throws -> Bool {
            let hidden = try await stand.house.get(url)
            return scrubbed(hidden) == scrubbed(try await stand.house.get(nowhere)) && hidden.status == 404
        }
        #expect(try await isHidden())
        let own = try await stand.house.get(url, as: stand.dealer.key)
        #expect(own.status == 200 && own.http.header("Cache-Control") == "no-store")
        try await stand.step("publish")
        let seen = try await stand.house.get(url)
        #expect(seen.http.body == own.http.body)
        #expect(seen.http.body.count == photo.json["size_bytes"]?.integerValue.map { Int($0) })
        for (name, value) in [
            ("Content-Type", "image/png"), ("Cache-Control", "public, max-age=31536000, immutable"),
            ("X-Content-Type-Options", "nosniff"), ("Content-Disposition", "inline"),
            ("Cross-Origin-Resource-Policy", "cross-origin"), ("ETag", "\"\(url.suffix(64))\""),
        ] { #expect(seen.http.header(name) == value) }
        #expect(seen.http.header("Content-Security-Policy")?.hasPrefix("default-src 'none'") == true)
        let again = try await stand.house.get(url, headers: [("If-None-Match", "\"\(url.suffix(64))\"")])
        #expect(again.status == 304 && again.http.body.isEmpty)
        try await stand.step("reserve")
        #expect(try await stand.house.get(url).status == 200)
        try await stand.step("release")
        #expect(try await stand.send("POST", "/v1/listings/\(stand.id)/withdraw", ["reason": "x"]).status == 200)
        #expect(try await isHidden())
    }

    @Test func `the same bytes again are the same photo, whatever the caller knows`() async throws {
        let stand = try await Stand()
        let before = stand.tag
        let first = try await stand.upload(SamplePNG.image(1))
        let again = try await stand.upload(SamplePNG.image(1), angle: "rear", tag: before)
        #expect(again.status == 200 && again.json == first.json)
        #expect(again.http.header("ETag") == first.http.header("ETag"))
        // The same picture in another file is the same photo.
        var commented = SamplePNG.image(1)
        commented.insert(contentsOf: SamplePNG.chunk("tEXt", Array("Comment\0杭州".utf8)), at: 33)
        #expect(try await stand.upload(commented).json == first.json)
        #expect(try await stand.upload(SamplePNG.image(2), tag: before).status == 412)
        #expect(try await stand.shown().count == 1)
    }

    @Test func `photos are turned, described, moved and removed, with every change on record`() async throws {
        let stand = try await Stand()
        let workshop = try await stand.house.workshop()
        let entry = try await stand.house.reading(44_000, ref: "r1", as: workshop.key)
        let foreign = try await stand.house.reading(10, ref: "r2", vin: House.otherVIN, as: workshop.key)
        var ids: [String] = []
        for number in 1...3 {
            let photo = try await stand.upload(SamplePNG.image(UInt8(number)))
            ids.append(try #require(photo.json["id"]?.stringValue))
        }
        let path = "\(stand.path)/\(ids[2])"
        let hash = try #require(entry.json["hash"])
        let change: JSON = [
            "angle": "odometer", "caption": "里程表", "turn_degrees": 90, "entries": [hash], "position": 1,
        ]
        let changed = try await stand.send("PATCH", path, change)
        #expect(changed.status == 200, "\(changed.http.text)")
        let moved = try #require(changed.json["photos"]?.arrayValue)
        #expect(moved.compactMap { $0["id"]?.stringValue } == [ids[2], ids[0], ids[1]])
        #expect(moved[0]["caption"] == "里程表" && moved[0]["entries"] == [hash] && moved[0]["turn_degrees"] == 90)
        #expect(moved.map { $0["position"] } == [1, 2, 3])
        // What changes nothing makes no version.
        let tag = stand.tag
        #expect(try await stand.send("PATCH", path, ["caption": "里程表"]).http.header("ETag") == tag)
        for (patch, code) in [
            (["entries": [try #require(foreign.json["hash"])]] as JSON, "entry_of_another_vehicle"),
            (["entries": ["00"]], "hash_format"), (["entries": [hash, hash]], "duplicate"),
            (["position": 4], "out_of_range"), (["angle": .null], "required"), (["angle": "below"], "not_allowed"),
            (["turn_degrees": 360], "out_of_range"), (["hash": "x"], "unknown_member"),
        ] {
            let refused = try await stand.send("PATCH", path, patch)
            #expect(refused.json["errors"]?.arrayValue?.first?["code"] == JSON(code), "\(refused.http.text)")
        }
        let removed = try await stand.delete(ids[0])
        #expect(removed.status == 200, "\(removed.http.text)")
        let order: JSON = ["photos": [JSON(ids[1]), JSON(ids[2])]]
        let ordered = try await stand.send("PUT", "\(stand.path)/order", order)
        #expect(try await stand.shown() == ordered.json["photos"]?.arrayValue)
        #expect(try await stand.shown().compactMap { $0["id"]?.stringValue } == [ids[1], ids[2]])
        let changes = try await stand.house.get("/v1/listings/\(stand.id)/changes", as: stand.dealer.key)
        let records = changes.json["data"]?.arrayValue ?? []
        #expect(
            records.compactMap { $0["kind"]?.stringValue } == [
                "photos_reordered", "photo_removed", "photo_changed", "photo_added", "photo_added", "photo_added",
                "created",
            ]
        )
        #expect(records[2]["detail"]?["caption"] == ["from": .null, "to": "里程表"])
        #expect(records[2]["detail"]?["position"] == ["from": 3, "to": 1])
        #expect(records[2]["organization"] == JSON(stand.dealer.id))
    }

    @Test func `an order that is not every photo once is refused`() async throws {
        let stand = try await Stand()
        let one = try #require(try await stand.upload(SamplePNG.image(1)).json["id"])
        let two = try #require(try await stand.upload(SamplePNG.image(2)).json["id"])
        for order in [[one], [one, one], [one, two, "pho_x"], [], [one, two, two]] as [[JSON]] {
            let refused = try await stand.send("PUT", "\(stand.path)/order", ["photos": .array(order)])
            #expect(refused.code == "invalid_request", "\(order)")
        }
    }

    @Test func `an image that nobody shows any more is gone, and one that another listing shows is not`() async throws {
        let stand = try await Stand()
        let other = try await stand.house.post("/v1/listings", ListingTests.draft(), as: stand.dealer.key)
        let photo = try await stand.upload(SamplePNG.image(1))
        let url = try #require(photo.json["url"]?.stringValue)
        let twin = try await stand.house.client.send(
            "POST",
            "/v1/listings/\(other.json["id"]?.stringValue ?? "")/photos?angle=front",
            headers: [
                ("Authorization", "Bearer \(stand.dealer.key)"), ("Content-Type", "image/png"),
                ("If-Match", other.http.header("ETag") ?? ""),
            ],
            body: SamplePNG.image(1)
        )
        #expect(twin.status == 201, "\(twin.text)")
        #expect(try await stand.delete(try #require(photo.json["id"]?.stringValue)).status == 200)
        #expect(try await stand.house.get(url, as: stand.dealer.key).status == 200)
        let second = House.Answer(twin)
        let path = "/v1/listings/\(other.json["id"]?.stringValue ?? "")/photos/\(second.json["id"]?.stringValue ?? "")"
        let removed = try await stand.house.client.send(
            "DELETE",
            path,
            headers: [
                ("Authorization", "Bearer \(stand.dealer.key)"), ("If-Match", twin.header("ETag") ?? ""),
            ]
        )
        #expect(removed.status == 200, "\(removed.text)")
        #expect(try await stand.house.get(url, as: stand.dealer.key).status == 404)
        // And may come again.
        #expect(try await stand.upload(SamplePNG.image(1)).status == 201)
        #expect(try await stand.house.get(url, as: stand.dealer.key).status == 200)
    }

    @Test func `a listing has so many photos and no more`() async throws {
        let stand = try await Stand()
        for number in 1...40 {
            let photo = try await stand.upload(SamplePNG.image(UInt8(number)))
            #expect(photo.status == 201, "\(photo.http.text)")
        }
        let more = try await stand.upload(SamplePNG.image(41))
        #expect(more.status == 409 && more.code == "photo_limit_reached")
        #expect(try await stand.upload(SamplePNG.image(40)).status == 200)
    }

    @Test func `what is reserved stays as the buyer saw it`() async throws {
        let stand = try await Stand()
        let photo = try #require(try await stand.upload(SamplePNG.image(1)).json["id"]?.stringValue)
        try await stand.step("publish")
        #expect(try await stand.upload(SamplePNG.image(2)).status == 201)
        try await stand.step("reserve")
        let shown = try await stand.shown()
        let answers = [
            try await stand.upload(SamplePNG.image(3)), try await stand.delete(photo),
            try await stand.send("PATCH", "\(stand.path)/\(photo)", ["caption": "x"]),
            try await stand.send("PUT", "\(stand.path)/order", ["photos": []]),
        ]
        for answer in answers { #expect(answer.status == 409 && answer.code == "listing_state") }
        #expect(try await stand.shown() == shown)
    }

    @Test func `bytes that are no clean image of the declared type are refused by name`() async throws {
        let stand = try await Stand()
        let png = SamplePNG.image(1)
        for (bytes, type, code) in [
            (png, "image/jpeg", "type_mismatch"),
            (Array("\0\0\0\u{18}ftypheic".utf8), "image/jpeg", "type_unsupported"),
            (png.dropLast(20), "image/png", "damaged"),
        ] {
            let refused = try await stand.upload(bytes, type: type)
            #expect(refused.status == 422 && refused.code == "image_refused")
            #expect(refused.json["errors"]?.arrayValue?.first?["code"] == JSON(code))
        }
        #expect(try await stand.upload(png, type: "image/heic").status == 415)
        #expect(try await stand.upload([UInt8](repeating: 0xFF, count: (10 << 20) + 1)).status == 413)
        #expect(try await stand.upload(png, angle: "below").code == "invalid_query")
        #expect(try await stand.upload(png, angle: "front&turn_degrees=400").code == "invalid_query")
        #expect(try await stand.shown() == [])
    }

    @Test func `another's photos answer byte for byte like those that do not exist`() async throws {
        let stand = try await Stand()
        let rival = try await stand.house.member("dealer", "91330106MADEM301XT")
        let photo = try await stand.upload(SamplePNG.image(1))
        let id = try #require(photo.json["id"]?.stringValue)
        let url = try #require(photo.json["url"]?.stringValue)
        let nowhere = "/v1/listings/lst_" + String(repeating: "0", count: 26) + "/photos"
        for (method, path) in [("PATCH", "/\(id)"), ("PUT", "/order")] {
            let theirs = try await stand.send(method, stand.path + path, ["photos": []], as: rival.key)
            let nobodys = try await stand.send(method, nowhere + path, ["photos": []], as: rival.key)
            #expect(theirs.status == 404 && scrubbed(theirs) == scrubbed(nobodys), "\(method)")
        }
        #expect(try await stand.upload(SamplePNG.image(2), as: rival.key).status == 404)
        let theirs = try await stand.house.get(url, as: rival.key)
        let unknown = "/v1/photos/" + String(repeating: "0", count: 64)
        let nobodys = try await stand.house.get(unknown, as: rival.key)
        #expect(theirs.status == 404 && scrubbed(theirs) == scrubbed(nobodys))
        #expect(try await stand.house.get(url, as: stand.house.administrator).status == 200)
        #expect(try await stand.house.get("/v1/photos/\(url.suffix(64).uppercased())").status == 404)
    }
}
