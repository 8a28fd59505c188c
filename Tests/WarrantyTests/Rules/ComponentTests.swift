import Core
import Support
import Testing
import Warranty

struct ComponentTests {
    /// What people call a part, and which it is.
    static let names = TextTable(
        """
        said               | part
        变速箱             | transmission.gearbox
        波箱               | transmission.gearbox
        牙箱               | transmission.gearbox
        gearbox            | transmission.gearbox
        Automatic Transmission | transmission.gearbox
        transmission.gearbox | transmission.gearbox
        曲轴               | engine.crank.crankshaft
        CRANKSHAFT         | engine.crank.crankshaft
        ｃｒａｎｋｓｈａｆｔ | engine.crank.crankshaft
        大瓦               | engine.crank.main_bearing
        缸垫               | engine.seals.head_gasket
        cylinder head gasket | ?
        head gasket        | engine.seals.head_gasket
        水箱               | engine.cooling.radiator
        涡轮               | engine.intake.turbocharger
        turbo              | engine.intake.turbocharger
        ECU                | engine.electrics.control_unit
        行车电脑           | engine.electrics.control_unit
        起动马达           | engine.electrics.starter
        方向机             | steering.rack
        刹车片             | brakes.pad
        brake pads         | brakes.pad
        brake  pad         | brakes.pad
        手刹               | brakes.parking
        ABS泵              | brakes.abs_unit
        abs 泵             | brakes.abs_unit
        减震器             | suspension.damper
        避震器             | suspension.damper
        shock absorbers    | suspension.damper
        羊角               | suspension.knuckle
        电瓶               | electrics.battery_12v
        12V 蓄电池         | electrics.battery_12v
        12v battery        | electrics.battery_12v
        空调泵             | climate.compressor
        雪种               | climate.refrigerant
        电池包             | ev.battery
        HV battery         | ev.battery
        电池衰减           | ev.battery.capacity
        SOH                | ev.battery.capacity
        OBC                | ev.charging.onboard_charger
        车载充电机         | ev.charging.onboard_charger
        DC-DC              | ev.charging.dcdc
        dcdc               | ev.charging.dcdc
        DC/DC              | ev.charging.dcdc
        IGBT               | ev.controller.power_module
        电控               | ev.controller
        逆变器             | ev.controller
        热泵               | ev.high_voltage.heat_pump
        中控屏             | infotainment.display
        倒车影像           | assistance.reversing_camera
        气囊               | restraint.airbag
        轮胎               | body.tyre
        tire               | body.tyre
        整车               | vehicle
        发动机系统         | engine
        底盘悬挂           | suspension
        磁悬浮             | ?
        flux capacitor     | ?
        ""                 | ?
        ！！               | ?
        """
    )

    @Test(arguments: names.rows) func `parts are found by what people call them`(_ row: TextTable.Row) {
        switch shipped.names.find(row["said"]) {
        case .found(let component): #expect(component.id == row["part"])
        case .unknown: #expect(row["part"] == "?")
        }
    }

    @Test func `every part is found by every name it has`() {
        for component in shipped.tree.components {
            for name in [component.name.zh, component.name.en, component.id] + component.synonyms {
                #expect(shipped.names.find(name) == .found(component), "\(name)")
            }
        }
    }

    @Test func `what is not known gets the nearest names`() throws {
        guard case .unknown(let near) = shipped.names.find("变速箱体总成") else {
            Issue.record("found")
            return
        }
        #expect(near.contains { $0.id == "transmission.gearbox" })
        #expect(near.count <= 5)
    }

    @Test func `a part belongs to its assembly, its system and the car`() {
        #expect(
            shipped.tree.ancestors(of: "engine.crank.crankshaft") == ["engine.crank", "engine", "vehicle"]
        )
        #expect(shipped.tree.trail(of: "engine.crank.crankshaft").zh == "发动机 › 曲柄连杆机构 › 曲轴")
        #expect(shipped.tree.parent(of: "vehicle") == nil)
        #expect(shipped.tree.descendants(of: "vehicle").count == shipped.tree.components.count - 1)
    }

    @Test func `what something is holds for all below it`() {
        #expect(shipped.component("缸体").kind == .case)
        #expect(shipped.component("机油").kind == .consumable)
        #expect(shipped.component("定子").fitted == .traction)
        #expect(shipped.component("活塞").fitted == .combustion)
        #expect(shipped.component("刹车片").fitted == .any)
    }
}
