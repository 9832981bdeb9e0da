import json
import threading
import unittest
from urllib.error import HTTPError
from urllib.request import urlopen

from service.app import create_service


class ServiceTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.service = create_service(("127.0.0.1", 0))
        cls.address = f"http://127.0.0.1:{cls.service.server_port}"
        threading.Thread(target=cls.service.serve_forever, daemon=True).start()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.service.shutdown()
        cls.service.server_close()

    def test_says_that_it_is_up(self) -> None:
        with urlopen(f"{self.address}/healthz") as response:
            self.assertEqual(response.status, 200)
            self.assertEqual(json.load(response), {"status": "ok"})

    def test_refuses_what_it_does_not_offer(self) -> None:
        with self.assertRaises(HTTPError) as refused:
            urlopen(f"{self.address}/nowhere")
        self.assertEqual(refused.exception.code, 404)
        refused.exception.close()


if __name__ == "__main__":
    unittest.main()
