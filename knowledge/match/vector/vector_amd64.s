#include "textflag.h"

// func dotSSE2(v, w *Vector) float32
TEXT ·dotSSE2(SB), NOSPLIT, $0-20
	MOVQ  v+0(FP), SI
	MOVQ  w+8(FP), DI
	XORPS X0, X0
	XORPS X1, X1
	XORPS X2, X2
	XORPS X3, X3
	MOVQ  $8, CX

sixteen:
	MOVUPS (SI), X4
	MOVUPS 16(SI), X5
	MOVUPS 32(SI), X6
	MOVUPS 48(SI), X7
	MOVUPS (DI), X8
	MOVUPS 16(DI), X9
	MOVUPS 32(DI), X10
	MOVUPS 48(DI), X11
	MULPS  X8, X4
	MULPS  X9, X5
	MULPS  X10, X6
	MULPS  X11, X7
	ADDPS  X4, X0
	ADDPS  X5, X1
	ADDPS  X6, X2
	ADDPS  X7, X3
	ADDQ   $64, SI
	ADDQ   $64, DI
	DECQ   CX
	JNZ    sixteen

	ADDPS  X1, X0
	ADDPS  X3, X2
	ADDPS  X2, X0
	MOVAPS X0, X1
	SHUFPS $0x4e, X1, X1         // the other half
	ADDPS  X1, X0
	MOVAPS X0, X1
	SHUFPS $0xb1, X1, X1         // the neighbour
	ADDPS  X1, X0
	MOVSS  X0, ret+16(FP)
	RET

// func addScaledSSE2(sum *Vector, row *[Dims]byte, scale float32)
TEXT ·addScaledSSE2(SB), NOSPLIT, $0-20
	MOVQ   sum+0(FP), DI
	MOVQ   row+8(FP), SI
	MOVSS  scale+16(FP), X0
	SHUFPS $0, X0, X0
	MOVQ   $16, CX

eight:
	MOVQ      (SI), X1
	PUNPCKLBW X1, X1
	MOVO      X1, X2
	PUNPCKLWL X1, X1             // each byte four times
	PUNPCKHWL X2, X2
	PSRAL     $24, X1            // with its sign
	PSRAL     $24, X2
	CVTPL2PS  X1, X1
	CVTPL2PS  X2, X2
	MULPS     X0, X1
	MULPS     X0, X2
	MOVUPS    (DI), X3
	MOVUPS    16(DI), X4
	ADDPS     X1, X3
	ADDPS     X2, X4
	MOVUPS    X3, (DI)
	MOVUPS    X4, 16(DI)
	ADDQ      $8, SI
	ADDQ      $32, DI
	DECQ      CX
	JNZ       eight
	RET

// func dotAVX2(v, w *Vector) float32
TEXT ·dotAVX2(SB), NOSPLIT, $0-20
	MOVQ   v+0(FP), SI
	MOVQ   w+8(FP), DI
	VXORPS Y0, Y0, Y0            // the first eight lanes of dotSSE2, in its order
	VXORPS Y1, Y1, Y1            // the others
	MOVQ   $4, CX

thirtytwo:
	VMOVUPS (SI), Y2
	VMOVUPS 32(SI), Y3
	VMOVUPS 64(SI), Y4
	VMOVUPS 96(SI), Y5
	VMULPS  (DI), Y2, Y2
	VMULPS  32(DI), Y3, Y3
	VMULPS  64(DI), Y4, Y4
	VMULPS  96(DI), Y5, Y5
	VADDPS  Y2, Y0, Y0
	VADDPS  Y3, Y1, Y1
	VADDPS  Y4, Y0, Y0
	VADDPS  Y5, Y1, Y1
	ADDQ    $128, SI
	ADDQ    $128, DI
	DECQ    CX
	JNZ     thirtytwo

	VEXTRACTF128 $1, Y0, X2
	VEXTRACTF128 $1, Y1, X3
	VADDPS       X2, X0, X0
	VADDPS       X3, X1, X1
	VADDPS       X1, X0, X0
	VSHUFPS      $0x4e, X0, X0, X1 // the other half
	VADDPS       X1, X0, X0
	VSHUFPS      $0xb1, X0, X0, X1 // the neighbour
	VADDPS       X1, X0, X0
	VMOVSS       X0, ret+16(FP)
	VZEROUPPER
	RET

// func addScaledAVX2(sum *Vector, row *[Dims]byte, scale float32)
TEXT ·addScaledAVX2(SB), NOSPLIT, $0-20
	MOVQ         sum+0(FP), DI
	MOVQ         row+8(FP), SI
	VBROADCASTSS scale+16(FP), Y0
	MOVQ         $8, CX

sixteen:
	VPMOVSXBD (SI), Y1
	VPMOVSXBD 8(SI), Y2
	VCVTDQ2PS Y1, Y1
	VCVTDQ2PS Y2, Y2
	VMULPS    Y0, Y1, Y1
	VMULPS    Y0, Y2, Y2
	VADDPS    (DI), Y1, Y1
	VADDPS    32(DI), Y2, Y2
	VMOVUPS   Y1, (DI)
	VMOVUPS   Y2, 32(DI)
	ADDQ      $16, SI
	ADDQ      $64, DI
	DECQ      CX
	JNZ       sixteen
	VZEROUPPER
	RET
