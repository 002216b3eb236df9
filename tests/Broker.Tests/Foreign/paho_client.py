"""Plays one scenario with the Python client of Eclipse Paho.

paho_client.py HOST PORT 3.1.1|5 NAME: exit code 0 when all of it went as it should; NAME makes topics and ids unique.
"""

import sys
import threading

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

HOST, PORT, VERSION, NAME = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
IS_5 = VERSION == "5"
PATIENCE = 60


class Client:
    """A connected client that keeps what it receives."""

    def __init__(self, client_id, clean=True, will=None):
        self.messages, self.changed, self.acknowledged = [], threading.Condition(), 0
        if IS_5:
            self.mqtt = mqtt.Client(client_id, protocol=mqtt.MQTTv5)
        else:
            self.mqtt = mqtt.Client(client_id, clean_session=clean, protocol=mqtt.MQTTv311)
        self.is_session_present, self.is_connected, self.is_subscribed = None, False, False
        self.mqtt.on_connect = self._on_connect
        self.mqtt.on_message = lambda _c, _u, message: self._note(lambda: self.messages.append(message))
        self.mqtt.on_publish = lambda *_: self._note(self._count)
        self.mqtt.on_subscribe = lambda *_: self._note(lambda: setattr(self, "is_subscribed", True))
        if will:
            self.mqtt.will_set(*will)
        if IS_5:
            properties = Properties(PacketTypes.CONNECT)
            properties.SessionExpiryInterval = 0 if clean else 60
            self.mqtt.connect(HOST, PORT, clean_start=clean, properties=properties)
        else:
            self.mqtt.connect(HOST, PORT)
        self.mqtt.loop_start()
        self.wait(lambda: self.is_connected, "connected")

    def _on_connect(self, _client, _user, flags, code, *_):
        assert code == 0, f"refused: {code}"
        self._note(lambda: (setattr(self, "is_session_present", flags["session present"] == 1),
                            setattr(self, "is_connected", True)))

    def _count(self):
        self.acknowledged += 1

    def _note(self, change):
        with self.changed:
            change()
            self.changed.notify_all()

    def wait(self, condition, what):
        with self.changed:
            assert self.changed.wait_for(condition, PATIENCE), f"never {what}"

    def subscribe(self, topic, qos):
        self.is_subscribed = False
        self.mqtt.subscribe(topic, qos)
        self.wait(lambda: self.is_subscribed, "subscribed")

    def publish(self, topic, payloads, qos, retain=False, properties=None):
        before = self.acknowledged
        for payload in payloads:
            self.mqtt.publish(topic, payload, qos, retain, properties)
        self.wait(lambda: self.acknowledged - before >= len(payloads), "acknowledged")

    def payloads(self, count):
        self.wait(lambda: len(self.messages) >= count, f"received {count}, only {len(self.messages)}")
        return [message.payload.decode() for message in self.messages]

    def leave(self):
        self.mqtt.disconnect()
        self.mqtt.loop_stop()


def every_qos(publisher):
    subscriber = Client(f"{NAME}-sub")
    subscriber.subscribe(f"{NAME}/qos/#", 2)
    for qos in (0, 1, 2):
        expected = [f"{qos}-{i}" for i in range(50)]
        publisher.publish(f"{NAME}/qos/{qos}", expected, qos)
        assert subscriber.payloads(50) == expected, subscriber.payloads(50)
        assert {message.qos for message in subscriber.messages} == {qos}
        subscriber.messages.clear()
    subscriber.leave()


def retained(publisher):
    publisher.publish(f"{NAME}/kept", ["kept"], 1, retain=True)
    subscriber = Client(f"{NAME}-late")
    subscriber.subscribe(f"{NAME}/kept", 1)
    assert subscriber.payloads(1) == ["kept"] and subscriber.messages[0].retain
    publisher.publish(f"{NAME}/kept", [""], 1, retain=True)
    subscriber.leave()


def session(publisher):
    away = Client(f"{NAME}-away", clean=False)
    assert not away.is_session_present
    away.subscribe(f"{NAME}/session", 2)
    away.leave()
    expected = [f"{i}" for i in range(20)]
    publisher.publish(f"{NAME}/session", expected, 2)
    back = Client(f"{NAME}-away", clean=False)
    assert back.is_session_present
    assert back.payloads(20) == expected
    back.leave()
    Client(f"{NAME}-away").leave()


def will(publisher):
    publisher.subscribe(f"{NAME}/will", 1)
    lost = Client(f"{NAME}-lost", will=(f"{NAME}/will", "lost", 1))
    lost.mqtt.loop_stop()
    lost.mqtt.socket().close()
    assert publisher.payloads(1) == ["lost"]


def properties(publisher):
    subscriber = Client(f"{NAME}-props")
    subscriber.subscribe(f"{NAME}/props", 1)
    sent = Properties(PacketTypes.PUBLISH)
    sent.ContentType, sent.ResponseTopic, sent.CorrelationData = "text/plain", "answers", b"\x00\x01"
    sent.UserProperty = [("a", "1"), ("b", "2"), ("a", "3")]
    publisher.publish(f"{NAME}/props", ["message"], 1, properties=sent)
    subscriber.payloads(1)
    got = subscriber.messages[0].properties
    assert (got.ContentType, got.ResponseTopic, got.CorrelationData) == ("text/plain", "answers", b"\x00\x01")
    assert got.UserProperty == sent.UserProperty
    subscriber.leave()


client = Client(f"{NAME}-pub")
every_qos(client)
retained(client)
session(client)
will(client)
if IS_5:
    properties(client)
client.leave()
print("all as it should be")
