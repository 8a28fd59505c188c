import Core
import Testing

@Suite struct ObjectReaderTests {
    private enum Fuel: String, CaseIterable {
        case petrol
        case electric
    }

    // MARK: Kinds of member

    private static let codes = [
        "type": "wrong_type", "range": "out_of_range", "time": "time_format", "date": "date_format",
        "choice": "not_allowed", "control": "control_character", "check": "check_digit", "length": "length",
    ]

    /// Every kind of value against every kind of member: the fault, or `-` where the value is taken.
    @Test(
        arguments: rows(
            """
            # value                 string   integer  bool  instant  date  object  array   choice  vin
            null                    type     type     type  type     type  type    type    type    type
            true                    type     type     -     type     type  type    type    type    type
            5                       type     -        type  type     type  type    type    type    type
            11                      type     range    type  type     type  type    type    type    type
            []                      type     type     type  type     type  type    length  type    type
            [1]                     type     type     type  type     type  type    -       type    type
            [1,2,3]                 type     type     type  type     type  type    length  type    type
            {}                      type     type     type  type     type  -       type    type    type
            ""                      length   type     type  time     date  type    type    choice  length
            "petrol"                -        type     type  time     date  type    type    -       length
            "Petrol"                -        type     type  time     date  type    type    choice  length
            "2026-02-30"            -        type     type  time     date  type    type    choice  length
            "2026-02-28"            -        type     type  time     -     type    type    choice  length
            "2026-02-28T08:00:00Z"  -        type     type  -        date  type    type    choice  length
            "LFV2A21K8G4012345"     -        type     type  time     date  type    type    choice  -
            "LFV2A21K0G4012345"     -        type     type  time     date  type    type    choice  check
            "\\u0001"               control  type     type  time     date  type    type    choice  length
            """
        )
    )
    func `every kind of member refuses what is not its own`(row: [String]) throws {
        let json = try JSONParser.parse("{\"m\":\(row[0])}".utf8)
        let kinds: [(inout ObjectReader) -> Bool] = [
            { $0.string("m", length: 1...20) != nil },
            { $0.integer("m", in: 1...10) != nil },
            { $0.bool("m") != nil },
            { $0.instant("m") != nil },
            { $0.date("m") != nil },
            { $0.object("m") != nil },
            { $0.array("m", count: 1...2) != nil },
            { $0.oneOf("m", Fuel.self) != nil },
            { $0.value("m", as: VIN.self) != nil },
        ]
        for (read, expected) in zip(kinds, row[1...]) {
            var reader = try ObjectReader(json)
            let isRead = read(&reader)
            #expect(isRead == (expected == "-"))
            #expect(codes(reader) == (isRead ? [] : ["/m \(try #require(Self.codes[expected]))"]))
        }
    }

    @Test func `values are read as they stand`() throws {
        var reader = try reader(
            #"{"s":"车\n信","i":-7,"b":false,"t":"2026-02-28T08:00:00+08:00","d":"2024-02-29","#
                + #""a":[1,"x"],"f":"electric"}"#
        )
        let text = reader.string("s")
        let number = reader.integer("i", in: -10...10)
        let flag = reader.bool("b")
        let instant = reader.instant("t")
        let date = reader.date("d")
        let array = reader.array("a", count: 0...9)
        let choice = reader.oneOf("f", Fuel.self)
        #expect(text == "车\n信")
        #expect(number == -7)
        #expect(flag == false)
        #expect(instant?.rfc3339 == "2026-02-28T00:00:00.000Z")
        #expect(date?.description == "2024-02-29")
        #expect(array == [1, "x"])
        #expect(choice == .electric)
        reader.refuseUnknownMembers()
        #expect(reader.faults.faults.isEmpty)
    }

    // MARK: Absence

    @Test func `a member that is missing is required unless it is said not to be`() throws {
        var reader = try reader("{}")
        _ = reader.string("name")
        _ = reader.integer("count", in: 0...1)
        let note = reader.string("note", required: false)
        let since = reader.date("since", required: false)
        #expect(note == nil)
        #expect(since == nil)
        #expect(codes(reader) == ["/name required", "/count required"])
    }

    @Test func `null counts as absent only where the member is optional`() throws {
        var reader = try reader(#"{"note":null,"name":null}"#)
        let values = [reader.string("note", required: false), reader.string("name")]
        #expect(values == [nil, nil])
        #expect(codes(reader) == ["/name wrong_type"])
    }

    @Test func `an optional member that is there must still be right`() throws {
        var reader = try reader(#"{"note":5,"since":"yesterday"}"#)
        _ = reader.string("note", required: false)
        _ = reader.date("since", required: false)
        #expect(codes(reader) == ["/note wrong_type", "/since date_format"])
    }

    // MARK: Text

    @Test(
        arguments: rows(
            """
            ab         length
            abc        -
            车信车信车  -
            车信车信车信  length
            """
        )
    )
    func `the length of a text is counted in scalars`(row: [String]) throws {
        var reader = try reader("{\"m\":\"\(row[0])\"}")
        _ = reader.string("m", length: 3...5)
        #expect(codes(reader) == (row[1] == "-" ? [] : ["/m \(row[1])"]))
    }

    @Test(arguments: [#"\u0001"#, #"\r"#, #"\u001b"#, #"\u007f"#, #"\u0085"#])
    func `control characters are refused`(escape: String) throws {
        var reader = try reader("{\"m\":\"a\(escape)b\"}")
        _ = reader.string("m")
        #expect(codes(reader) == ["/m control_character"])
    }

    // MARK: Structure

    @Test func `what is no object is refused as a whole`() {
        for text in ["[]", "1", "null", "\"{}\""] {
            #expect(faults { _ = try reader(text) } == [" not_an_object"])
        }
    }

    @Test func `unknown members are refused wherever they stand, with the rest`() throws {
        var reader = try reader(#"{"name":1,"x/y":1,"car":{"vin":"1","status":"paid"},"~":2}"#)
        _ = reader.string("name")
        if var car = reader.object("car") {
            _ = car.value("vin", as: VIN.self)
            car.refuseUnknownMembers()
        }
        reader.refuseUnknownMembers()
        #expect(
            codes(reader) == [
                "/name wrong_type", "/car/vin length", "/car/status unknown_member", "/x~1y unknown_member",
                "/~0 unknown_member",
            ]
        )
        #expect(problem { try reader.faults.throwIfAny() } == "invalid_request")
    }

    @Test func `pointers go through objects in arrays`() throws {
        var reader = try reader(#"{"lines":[{"fen":1},{"fen":"2"},{}]}"#)
        let lines = reader.array("lines", count: 1...9) ?? []
        for (index, line) in lines.enumerated() {
            let pointer = "\(reader.pointer(to: "lines"))/\(index)"
            var line = ObjectReader(members: line.members ?? [], pointer: pointer, faults: reader.faults)
            _ = line.integer("fen", in: 0...9)
        }
        #expect(codes(reader) == ["/lines/1/fen wrong_type", "/lines/2/fen required"])
    }

    @Test(arguments: ["a/b": "a~1b", "~": "~0", "~1": "~01", "/\u{301}": "~1\u{301}", "车": "车", "": ""])
    func `member names are escaped as RFC 6901 says`(name: String, token: String) {
        #expect(escapedPointerToken(name).unicodeScalars.elementsEqual(token.unicodeScalars))
    }

    @Test func `a text that needs today's date is read with it`() throws {
        let today = try #require(CalendarDate("2026-11-21"))
        let parse = { (text: String) throws(TextFault) in try ResidentID(parsing: text, today: today) }
        var reader = try reader(#"{"owner":"11010519491231002X","buyer":"110105194912310021","n":1}"#)
        let owner = reader.parsed("owner", parse)
        let others = [
            reader.parsed("buyer", parse), reader.parsed("n", parse), reader.parsed("heir", required: false, parse),
        ]
        #expect(owner?.masked == "110***********002X")
        #expect(others == [nil, nil, nil])
        #expect(codes(reader) == ["/buyer check_digit", "/n wrong_type"])
    }

    // MARK: Faults

    @Test func `every fault is told in both languages`() throws {
        var reader = try reader(#"{"a":1,"b":"x","c":99}"#)
        _ = reader.string("a")
        _ = reader.oneOf("b", Fuel.self)
        _ = reader.integer("c", in: 1...9)
        _ = reader.bool("d")
        #expect(reader.faults.faults.count == 4)
        for fault in reader.faults.faults {
            #expect(fault.detail.en.allSatisfy { $0.isASCII })
            #expect(fault.detail.zh.contains { !$0.isASCII })
        }
    }

    @Test func `a body of unknown members is answered with a bounded number of faults`() throws {
        let members = (0..<10_000).map { "\"m\($0)\":0" }.joined(separator: ",")
        let reader = try reader("{\(members)}")
        reader.refuseUnknownMembers()
        #expect(reader.faults.faults.count == FaultCollector.maximumCount)
    }

    @Test func `no fault, no failure`() throws {
        try FaultCollector().throwIfAny()
    }

    @Test func `the problem types of this target have codes of their own`() {
        let codes = ProblemType.core.map(\.code)
        #expect(Set(codes).count == codes.count)
        for code in codes {
            #expect(code.allSatisfy { $0.isLowercase || $0 == "_" })
        }
    }

    private func reader(_ text: String) throws -> ObjectReader {
        try ObjectReader(JSONParser.parse(text.utf8))
    }

    private func codes(_ reader: ObjectReader) -> [String] {
        reader.faults.faults.map { "\($0.pointer) \($0.code)" }
    }
}
